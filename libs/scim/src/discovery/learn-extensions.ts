import { defineResourceType } from '../schema/define-resource-type';
import type { AttributeDefinition, ResourceType, SchemaDefinition } from '../schema/schema';
import type { ObservedAttribute, ObservedType } from './observe-extensions';

/**
 * The resource types with what was observed beside their schemas: each foreign container becomes an optional extension with
 * the attributes seen in it, and a known extension gains those it did not have. Core schemas stay as they are.
 *
 * A type is inferred from all that was seen: whole and fractional numbers are decimal, anything that had sub-attributes is
 * complex, other mixtures are string.
 */
export function learnExtensions(
  resourceTypes: readonly ResourceType[],
  observed: readonly ObservedAttribute[],
): ResourceType[] {
  const learned = new Map<string, ObservedAttribute[]>();
  for (const attribute of observed) {
    const urn = attribute.schema.toLowerCase();
    if (!resourceTypes.some(({ schemas, core }) => schemas.get(urn) === core)) {
      learned.set(urn, [...(learned.get(urn) ?? []), attribute]);
    }
  }
  const schemas = [...learned.values()].map((attributes) => learnSchema(resourceTypes, attributes));
  return resourceTypes.map((type) => withExtensions(type, schemas, observed));
}

function withExtensions(
  type: ResourceType,
  schemas: readonly SchemaDefinition[],
  observed: readonly ObservedAttribute[],
): ResourceType {
  const { definition } = type;
  const known = (definition.extensions ?? []).map(({ schema, required }) => ({
    schema: schemas.find(({ id }) => isSame(id, schema.id)) ?? schema,
    required,
  }));
  const foreign = schemas.filter(
    ({ id }) =>
      !known.some(({ schema }) => isSame(schema.id, id)) &&
      observed.some(({ resourceType, schema }) => resourceType === type.name && isSame(schema, id)),
  );
  const extensions = [...known, ...foreign.map((schema) => ({ schema, required: false }))];
  return defineResourceType({ ...definition, extensions });
}

/** The schema of one URN: that of a known extension with what it lacks, or a new one. */
function learnSchema(
  resourceTypes: readonly ResourceType[],
  attributes: readonly ObservedAttribute[],
): SchemaDefinition {
  const urn = attributes[0]?.schema ?? '';
  const known = resourceTypes.flatMap(({ extensions }) => extensions).find(({ id }) => isSame(id, urn))?.definition;
  const given = new Set(known?.attributes.map(({ name }) => name.toLowerCase()));
  const learned = learnAttributes(attributes, '').filter(({ name }) => !given.has(name.toLowerCase()));
  return {
    id: known?.id ?? urn,
    name: known?.name ?? urn,
    description: known?.description ?? 'An extension of the identity provider, as learned from what it sent.',
    ...(known?.aliases && { aliases: known.aliases }),
    attributes: [...(known?.attributes ?? []), ...learned],
  };
}

/** The attributes directly below a parent ('' = those of the schema), each name once whatever its case. */
function learnAttributes(observed: readonly ObservedAttribute[], parent: string): AttributeDefinition[] {
  const byName = new Map<string, ObservedAttribute[]>();
  for (const attribute of observed) {
    const [first = '', second] = attribute.path.split('.');
    if ((second === undefined ? '' : first.toLowerCase()) !== parent) continue;
    const key = (second ?? first).toLowerCase();
    byName.set(key, [...(byName.get(key) ?? []), attribute]);
  }
  return [...byName].map(([key, same]) => {
    const type = inferType(same.flatMap(({ types }) => types));
    return {
      name: same[0]?.path.split('.').at(-1) ?? key,
      type,
      multiValued: same.some(({ multiValued }) => multiValued),
      description: 'Learned from what the identity provider sent.',
      ...(type === 'complex' && { subAttributes: learnAttributes(observed, key) }),
    };
  });
}

function inferType(types: readonly ObservedType[]): ObservedType {
  const seen = new Set(types);
  const [only] = seen;
  if (seen.size === 1 && only !== undefined) return only;
  if (seen.has('complex')) return 'complex';
  return [...seen].every((type) => type === 'integer' || type === 'decimal') ? 'decimal' : 'string';
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
