import type { Filter, ResolvedFilter } from './filter/filter';
import type { JsonObject, JsonValue, ScimResource } from './json';
import type { ScimError } from './scim-error';
import type {
  AttributePath,
  MemberValue,
  ReadResult,
  ResourceType,
  ResourceTypeDefinition,
  SchemaDefinition,
} from './schema/schema';

const pending = (): never => {
  throw new Error('not written yet');
};
export const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_USER_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const DEFAULT_COUNT = 100;
export const MAX_COUNT = 500;
export const MAX_BULK_OPERATIONS = 1000;
export const MAX_BULK_PAYLOAD = 5 * 1024 * 1024;
export const MAX_MEMBER_VALUES = 100_000;
export declare const userSchema: SchemaDefinition;
export declare const enterpriseUserSchema: SchemaDefinition;
export declare const groupSchema: SchemaDefinition;
export declare const userResourceType: ResourceType;
export declare const groupResourceType: ResourceType;
export const defineResourceType = (_definition: ResourceTypeDefinition): ResourceType => pending();
export const resourceEquals = (_a: JsonValue | undefined, _b: JsonValue | undefined): boolean => pending();
export const resolveAttributePath = (_resourceType: ResourceType, _text: string): AttributePath => pending();
export const parseFilter = (_text: string): Filter => pending();
export const printFilter = (_filter: Filter): string => pending();
export const resolveFilter = (_filter: Filter, _resourceType: ResourceType): ResolvedFilter => pending();
export const evaluateFilter = (_f: Filter, _resource: ScimResource, _type: ResourceType): boolean => pending();
export const matchesFilter = (_filter: ResolvedFilter, _resource: ScimResource): boolean => pending();
export interface Sort {
  sortBy: string;
  descending: boolean;
}
export const parseSort = (_query: { sortBy?: unknown; sortOrder?: unknown }): Sort | undefined => pending();
export const compareResources = (_a: ScimResource, _b: ScimResource, _sort: Sort, _type: ResourceType): number =>
  pending();
export const readResource = (_body: unknown, _resourceType: ResourceType): ReadResult => pending();
export const replaceResource = (
  _current: ScimResource,
  _next: ScimResource,
  _resourceType: ResourceType,
): { resource: ScimResource; changed: boolean } => pending();
export interface PatchOperation {
  op: 'add' | 'remove' | 'replace';
  path?: string;
  value?: JsonValue;
}
export const parsePatchRequest = (_body: unknown): PatchOperation[] => pending();
export const applyPatch = (
  _resource: ScimResource,
  _operations: readonly PatchOperation[],
  _resourceType: ResourceType,
  _options: { strict: boolean },
): { resource: ScimResource; changed: boolean; password?: string | null } => pending();
export type MembershipStep = { kind: 'add' | 'remove' | 'replace'; members: MemberValue[] } | { kind: 'removeAll' };
export const planGroupPatch = (
  _operations: readonly PatchOperation[],
  _resourceType: ResourceType,
): { attributeOperations: PatchOperation[]; membership: MembershipStep[] } => pending();
export interface Projection {
  attributes?: string[];
  excludedAttributes?: string[];
}
export const parseProjection = (_query: { attributes?: unknown; excludedAttributes?: unknown }): Projection =>
  pending();
export const projectResource = (
  _resource: ScimResource,
  _projection: Projection,
  _resourceType: ResourceType,
): ScimResource => pending();
export const needsAttribute = (_projection: Projection, _name: string, _resourceType: ResourceType): boolean =>
  pending();
export interface ListQuery {
  filter?: Filter;
  sort?: Sort;
  /** 1-based. */
  startIndex: number;
  /** 0 to MAX_COUNT. */
  count: number;
  projection: Projection;
}
export const parseListQuery = (_query: Record<string, unknown>): ListQuery => pending();
export const parseSearchRequest = (_body: unknown): ListQuery => pending();
export interface ListResponse {
  schemas: string[];
  totalResults: number;
  startIndex: number;
  itemsPerPage: number;
  Resources: JsonObject[];
}
export const listResponse = (_page: {
  resources: JsonObject[];
  totalResults: number;
  startIndex: number;
}): ListResponse => pending();
export interface BulkOperation {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  bulkId?: string;
  version?: string;
  data?: JsonValue;
  error?: ScimError;
}
export interface BulkRequest {
  failOnErrors?: number;
  operations: BulkOperation[];
}
export const parseBulkRequest = (_body: unknown, _options?: { maxOperations?: number }): BulkRequest => pending();
export const findBulkIdReferences = (_operation: BulkOperation): string[] => pending();
export const orderBulkOperations = (_operations: readonly BulkOperation[]): number[] => pending();
export const resolveBulkIdReferences = (
  _operation: BulkOperation,
  _ids: ReadonlyMap<string, string>,
): { operation: BulkOperation; unresolved: string[] } => pending();
export interface BulkOperationResult {
  method: string;
  bulkId?: string;
  version?: string;
  location?: string;
  status: number;
  response?: JsonObject;
}
export const bulkResponse = (_operations: BulkOperationResult[]): JsonObject => pending();
export const formatETag = (_version: string | number | bigint): string => pending();
export const matchesIfMatch = (_header: string, _etag: string): boolean => pending();
export const matchesIfNoneMatch = (_header: string, _etag: string): boolean => pending();
export const renderServiceProviderConfig = (_options: { baseUrl: string; documentationUri?: string }): JsonObject =>
  pending();
export const renderSchemas = (_types: readonly ResourceType[], _baseUrl: string): JsonObject[] => pending();
export const renderResourceTypes = (_types: readonly ResourceType[], _baseUrl: string): JsonObject[] => pending();
