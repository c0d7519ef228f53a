import type { JsonObject } from '../json';
import type { AttributeDefinition, ResourceType, SchemaDefinition } from '../schema/schema';

export const SCHEMA_URN = 'urn:ietf:params:scim:schemas:core:2.0:Schema';

/**
 * The Schema resources (RFC 7643 §7) of the resource types' schemas, each once. Every characteristic is told, as the
 * reader applies it.
 */
export function renderSchemas(resourceTypes: readonly ResourceType[], baseUrl: string): JsonObject[] {
  const schemas = resourceTypes.flatMap(({ core, extensions }) => [core, ...extensions]);
  const unique = new Map(schemas.map(({ definition }) => [definition.id, definition]));
  return [...unique.values()].map((schema) => renderSchema(schema, baseUrl));
}

function renderSchema(schema: SchemaDefinition, baseUrl: string): JsonObject {
  return {
    schemas: [SCHEMA_URN],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.map(renderAttribute),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${toSegment(schema.id)}` },
  };
}

/** A schema's URI as one segment of a URL; identity providers also use `http:` URIs, which have slashes. */
function toSegment(uri: string): string {
  return encodeURIComponent(uri).replaceAll('%3A', ':');
}

function renderAttribute(definition: AttributeDefinition): JsonObject {
  const { canonicalValues, referenceTypes, subAttributes } = definition;
  return {
    name: definition.name,
    type: definition.type,
    multiValued: definition.multiValued ?? false,
    description: definition.description,
    required: definition.required ?? false,
    caseExact: definition.caseExact ?? false,
    mutability: definition.mutability ?? 'readWrite',
    returned: definition.returned ?? 'default',
    uniqueness: definition.uniqueness ?? 'none',
    ...(canonicalValues === undefined ? {} : { canonicalValues: [...canonicalValues] }),
    ...(referenceTypes === undefined ? {} : { referenceTypes: [...referenceTypes] }),
    ...(subAttributes === undefined ? {} : { subAttributes: subAttributes.map(renderAttribute) }),
  };
}
