export { isJsonObject } from './json';
export type { JsonObject, JsonValue, ScimResource } from './json';
export {
  ERROR_URN,
  ScimError,
  invalidFilter,
  invalidPath,
  invalidSyntax,
  invalidValue,
  mutability,
  noTarget,
  toErrorBody,
} from './scim-error';
export type { ScimErrorBody, ScimType } from './scim-error';

export type {
  Attribute,
  AttributeDefinition,
  AttributePath,
  AttributeType,
  CompiledSchema,
  ReadResult,
  ResourceType,
  ResourceTypeDefinition,
  SchemaDefinition,
} from './schema/schema';
export { defineResourceType } from './schema/define-resource-type';
export { ENTERPRISE_USER_URN, enterpriseUserSchema } from './schema/enterprise-user-schema';
export { GROUP_URN, groupSchema } from './schema/group-schema';
export { groupResourceType, userResourceType } from './schema/resource-types';
export { USER_URN, userSchema } from './schema/user-schema';

export { compilePath } from './path/compile-path';
export type { PathReader } from './path/compile-path';
export { resolveAttributePath } from './path/resolve-attribute-path';

export type { Filter, FilterOf, FilterOperator, FilterValue, ResolvedFilter } from './filter/filter';
export { evaluateFilter, matchesFilter } from './filter/evaluate-filter';
export { FILTER_DEPTH_MAX, FILTER_LENGTH_MAX, FILTER_TERMS_MAX, parseFilter } from './filter/parse-filter';
export { printFilter } from './filter/print-filter';
export { resolveFilter } from './filter/resolve-filter';

export { compareResources, resolveSortPath } from './sort/compare-resources';
export { parseSort } from './sort/parse-sort';
export type { Sort } from './sort/parse-sort';

export { readResource } from './resource/read-resource';
export { replaceResource } from './resource/replace-resource';
export type { ChangedResource } from './resource/replace-resource';
export { MAX_MEMBER_VALUES } from './value/read-members';
export { parseDateTime } from './value/parse-date-time';
export { jsonEquals } from './value/json-equals';

export { applyPatch } from './patch/apply-patch';
export type { PatchOptions, PatchResult } from './patch/apply-patch';
export { parsePatchRequest } from './patch/parse-patch-request';
export type { PatchOperation } from './patch/parse-patch-request';
export { planGroupPatch } from './patch/plan-group-patch';
export type { GroupPatchPlan, MembershipStep } from './patch/plan-group-patch';

export { parseProjection } from './projection/parse-projection';
export type { Projection } from './projection/parse-projection';
export { needsAttribute, projectResource } from './projection/project-resource';

export { findBulkIdReferences, orderBulkOperations, resolveBulkIdReferences } from './messages/bulk-references';
export { bulkResponse } from './messages/bulk-response';
export type { BulkOperationResult } from './messages/bulk-response';
export { formatETag, matchesIfMatch, matchesIfNoneMatch } from './messages/entity-tag';
export { listResponse } from './messages/list-response';
export type { ListResponse } from './messages/list-response';
export { MAX_BULK_OPERATIONS, MAX_BULK_PAYLOAD, parseBulkRequest } from './messages/parse-bulk-request';
export type { BulkOperation, BulkRequest } from './messages/parse-bulk-request';
export { DEFAULT_COUNT, MAX_COUNT, parseListQuery } from './messages/parse-list-query';
export type { ListQuery } from './messages/parse-list-query';
export { parseSearchRequest } from './messages/parse-search-request';

export { learnExtensions } from './discovery/learn-extensions';
export { observeExtensions } from './discovery/observe-extensions';
export type { ObservedAttribute, ObservedType } from './discovery/observe-extensions';
export { renderResourceTypes } from './discovery/render-resource-types';
export { renderSchemas } from './discovery/render-schemas';
export { renderServiceProviderConfig } from './discovery/render-service-provider-config';
