export { isJsonObject } from './json';
export type { JsonObject, JsonValue, ScimResource } from './json';
export { ScimError, expiredCursor, invalidCursor, invalidValue, toErrorBody, tooMany } from './scim-error';
export type { ScimType } from './scim-error';

export type { Attribute, AttributePath, ReadResult, ResourceType } from './schema/schema';
export { defineResourceType } from './schema/define-resource-type';
export { ENTERPRISE_USER_URN, enterpriseUserSchema } from './schema/enterprise-user-schema';
export { GROUP_URN } from './schema/group-schema';
export { groupResourceType, userResourceType } from './schema/resource-types';
export { USER_URN, userSchema } from './schema/user-schema';

export { compilePath } from './path/compile-path';

export type { FilterOf, FilterOperator, ResolvedFilter } from './filter/filter';
export { evaluateFilter, matchesFilter } from './filter/evaluate-filter';
export { parseFilter } from './filter/parse-filter';
export { printFilter } from './filter/print-filter';
export { resolveFilter } from './filter/resolve-filter';

export { compareResources, compareSortKeys, resolveSortPath } from './sort/compare-resources';
export type { Sort } from './sort/parse-sort';

export { printResource } from './resource/print-resource';
export { readResource, readResourceInSteps } from './resource/read-resource';
export { replaceResource } from './resource/replace-resource';
export { assertStorableText } from './value/assert-storable-text';
export { parseDateTime } from './value/parse-date-time';
export { FOLDED_BYTES_MAX, foldText, WIDTHS } from './value/fold-text';
export { jsonEquals } from './value/json-equals';

export { applyPatch, applyPatchInSteps } from './patch/apply-patch';
export { parsePatchRequest, parsePatchRequestInSteps } from './patch/parse-patch-request';
export { planGroupPatch, planGroupPatchInSteps } from './patch/plan-group-patch';
export type { GroupPatchPlan, MembershipStep } from './patch/plan-group-patch';

export { parseProjection } from './projection/parse-projection';
export type { Projection } from './projection/parse-projection';
export { compileProjection, needsAttribute } from './projection/compile-projection';
export type { Projector } from './projection/compile-projection';

export {
  findBulkIdReferences,
  omitBulkIdReferences,
  orderBulkOperations,
  resolveBulkIdReferences,
} from './messages/bulk-references';
export { bulkResponse } from './messages/bulk-response';
export type { BulkOperationResult } from './messages/bulk-response';
export { formatETag, matchesIfMatch, matchesIfNoneMatch } from './messages/entity-tag';
export { listResponse } from './messages/list-response';
export { MAX_BULK_PAYLOAD, parseBulkRequest } from './messages/parse-bulk-request';
export type { BulkOperation } from './messages/parse-bulk-request';
export { parseListQuery } from './messages/parse-list-query';
export type { ListQuery } from './messages/parse-list-query';
export { parseSearchRequest } from './messages/parse-search-request';

export { learnExtensions } from './discovery/learn-extensions';
export { observeExtensions } from './discovery/observe-extensions';
export type { ObservedAttribute, ObservedType } from './discovery/observe-extensions';
export { renderResourceTypes } from './discovery/render-resource-types';
export { renderSchemas } from './discovery/render-schemas';
export { renderServiceProviderConfig } from './discovery/render-service-provider-config';
