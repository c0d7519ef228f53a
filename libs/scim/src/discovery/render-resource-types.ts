import type { JsonObject } from '../json';
import type { ResourceType } from '../schema/schema';

export const RESOURCE_TYPE_URN = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';

/** The ResourceType resources (RFC 7643 §6), whose `id` is the type's name. */
export function renderResourceTypes(resourceTypes: readonly ResourceType[], baseUrl: string): JsonObject[] {
  return resourceTypes.map(({ name, endpoint, description, core, extensions }) => ({
    schemas: [RESOURCE_TYPE_URN],
    id: name,
    name,
    endpoint,
    description,
    schema: core.id,
    schemaExtensions: extensions.map(({ id, required }) => ({ schema: id, required })),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${name}` },
  }));
}
