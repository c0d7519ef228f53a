import { isJsonObject } from '../json';
import type { ScimResource } from '../json';
import type { ResourceType } from '../schema/schema';

/** The resource with `schemas` telling what it holds: the core URN, then the URNs of its extension containers. */
export function withSchemas(resource: ScimResource, resourceType: ResourceType): ScimResource {
  return { ...resource, schemas: listSchemas(resource, resourceType) };
}

function listSchemas(resource: ScimResource, resourceType: ResourceType): string[] {
  const known = resourceType.extensions.filter(({ id }) => Object.hasOwn(resource, id)).map(({ id }) => id);
  const foreign = Object.keys(resource).filter(
    (key) => key.includes(':') && isJsonObject(resource[key]) && !known.includes(key),
  );
  return [resourceType.core.id, ...known, ...foreign];
}
