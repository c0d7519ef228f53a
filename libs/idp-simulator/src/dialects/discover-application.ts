import { CORE_GROUP, CORE_USER, type Send } from './dialect';
import { fetchResource, query } from './scim-calls';

type Resource = Record<string, unknown>;

/** What an application says of itself (RFC 7644 section 4), as far as a provisioning client needs it. */
export interface Application {
  /** Paths of the endpoints below the base URL, for example `/Users`. */
  users: string;
  groups: string;
  /** Whether it has resource versions for `If-Match`. */
  etag: boolean;
  /** Whether it pages by cursor (RFC 9865). */
  cursor: boolean;
  /** The most resources that one page may have. */
  pageSize: number;
  /** By schema URN, the lower-case names of the attributes that a client may write. */
  writable: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Reads ServiceProviderConfig, ResourceTypes and Schemas, in this order.
 * @throws ProvisioningError when one of them is missing or refused, Error with one sentence when the application cannot do what
 * provisioning takes: PATCH, filters, users and groups
 */
export async function discoverApplication(send: Send): Promise<Application> {
  const config = await fetchResource(send, '/ServiceProviderConfig');
  for (const feature of ['patch', 'filter']) requireSupport(config, feature);
  const { resources: types } = await query(send, '/ResourceTypes');
  const { resources: schemas } = await query(send, '/Schemas');
  const writable = new Map(schemas.map((schema) => [String(schema.id), writableAttributes(schema)]));
  const { maxResults } = part(config, 'filter');
  return {
    users: endpointOf(types, CORE_USER, writable),
    groups: endpointOf(types, CORE_GROUP, writable),
    etag: part(config, 'etag').supported === true,
    cursor: part(config, 'pagination').cursor === true,
    pageSize: typeof maxResults === 'number' ? Math.min(maxResults, 100) : 100,
    writable,
  };
}

function requireSupport(config: Resource, feature: string): void {
  if (part(config, feature).supported === true) return;
  throw new Error(`ServiceProviderConfig says that ${feature} is not supported, which provisioning needs.`);
}

/** A resource type is found by its schema; its name and its endpoint are the application's own (RFC 7643 section 6). */
function endpointOf(types: Resource[], schema: string, writable: Application['writable']): string {
  const type = types.find((candidate) => candidate.schema === schema);
  if (typeof type?.endpoint !== 'string') throw new Error(`ResourceTypes has no type with the schema ${schema}.`);
  const extensions = asList(type.schemaExtensions).map((extension) => String(extension.schema));
  const missing = [schema, ...extensions].find((urn) => !writable.has(urn));
  if (missing !== undefined) throw new Error(`ResourceTypes names the schema ${missing}, which Schemas does not have.`);
  return type.endpoint;
}

function writableAttributes(schema: Resource): ReadonlySet<string> {
  const attributes = asList(schema.attributes).filter(({ mutability }) => mutability !== 'readOnly');
  return new Set(attributes.map(({ name }) => String(name).toLowerCase()));
}

function part(config: Resource, name: string): Resource {
  const value = config[name];
  return typeof value === 'object' && value !== null ? (value as Resource) : {};
}

function asList(value: unknown): Resource[] {
  return Array.isArray(value) ? (value as Resource[]) : [];
}
