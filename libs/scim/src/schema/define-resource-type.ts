import type {
  Attribute,
  AttributeDefinition,
  AttributePath,
  CompiledSchema,
  ResourceType,
  ResourceTypeDefinition,
  SchemaDefinition,
} from './schema';
import { commonAttributes } from './common-attributes';

/**
 * Compiles a resource type, so that every known path is found by one look-up.
 *
 * Custom types and extensions are registered by defining them: nothing else in this library knows a schema by name.
 * @throws TypeError when the definition contradicts itself (a name twice, a complex attribute inside a complex one).
 */
export function defineResourceType(definition: ResourceTypeDefinition): ResourceType {
  const core = compileSchema(definition.schema, true, [...commonAttributes, ...definition.schema.attributes]);
  const extensions = (definition.extensions ?? []).map(({ schema, required }) =>
    compileSchema(schema, required, schema.attributes),
  );
  return {
    name: definition.name,
    endpoint: definition.endpoint,
    description: definition.description,
    definition,
    core,
    extensions,
    schemas: indexSchemas([core, ...extensions]),
    paths: indexPaths(core, extensions),
    memberAttribute: definition.memberAttribute,
  };
}

function compileSchema(
  definition: SchemaDefinition,
  required: boolean,
  attributes: readonly AttributeDefinition[],
): CompiledSchema {
  const compiled = compileAttributes(attributes, '');
  const requiredAttributes = [...compiled.values()].filter(
    (attribute) => attribute.required && attribute.mutability !== 'readOnly' && attribute.mutability !== 'writeOnly',
  );
  return { id: definition.id, definition, required, attributes: compiled, requiredAttributes };
}

function compileAttributes(definitions: readonly AttributeDefinition[], parent: string): Map<string, Attribute> {
  const attributes = new Map<string, Attribute>();
  for (const definition of definitions) {
    const key = definition.name.toLowerCase();
    const label = parent === '' ? definition.name : `${parent}.${definition.name}`;
    if (attributes.has(key)) throw new TypeError(`The attribute ${label} is defined twice.`);
    if (parent !== '' && definition.type === 'complex') {
      throw new TypeError(`The attribute ${label} is complex inside a complex attribute (RFC 7643 §2.3.8).`);
    }
    const attribute = compileAttribute(definition, label);
    attributes.set(key, attribute);
    for (const alias of definition.aliases ?? []) attributes.set(alias.toLowerCase(), attribute);
  }
  return attributes;
}

function compileAttribute(definition: AttributeDefinition, label: string): Attribute {
  const subAttributes = compileAttributes(definition.subAttributes ?? [], label);
  const multiValued = definition.multiValued ?? false;
  return {
    name: definition.name,
    label,
    type: definition.type,
    multiValued,
    required: definition.required ?? false,
    caseExact: definition.caseExact ?? false,
    mutability: definition.mutability ?? 'readWrite',
    returned: definition.returned ?? 'default',
    uniqueness: definition.uniqueness ?? 'none',
    plainValues: definition.plainValues ?? false,
    keptWhenUnassigned: definition.keptWhenUnassigned ?? false,
    keptInValue: definition.keptInValue ?? false,
    subAttributes,
    valueAttribute: subAttributes.get('value'),
    hasHiddenParts: [...subAttributes.values()].some(({ returned }) => returned === 'never' || returned === 'request'),
    hasPrimary: multiValued && subAttributes.get('primary')?.type === 'boolean',
  };
}

function indexSchemas(schemas: readonly CompiledSchema[]): Map<string, CompiledSchema> {
  const index = new Map<string, CompiledSchema>();
  for (const schema of schemas) {
    for (const urn of [schema.id, ...(schema.definition.aliases ?? [])]) index.set(urn.toLowerCase(), schema);
  }
  return index;
}

function indexPaths(core: CompiledSchema, extensions: readonly CompiledSchema[]): Map<string, AttributePath> {
  const paths = new Map<string, AttributePath>();
  addBarePaths(paths, core, extensions);
  for (const schema of [core, ...extensions]) {
    const container = schema === core ? null : schema.id;
    for (const urn of [schema.id, ...(schema.definition.aliases ?? [])])
      addQualifiedPaths(paths, schema, container, urn);
  }
  return paths;
}

/** Names without a URN: the core schema's, then those that only one extension has (Entra sends a bare `manager`). */
function addBarePaths(paths: Map<string, AttributePath>, core: CompiledSchema, extensions: readonly CompiledSchema[]) {
  for (const attribute of core.attributes.values()) addPaths(paths, '', attribute, null, false);
  for (const extension of extensions) {
    for (const [key, attribute] of extension.attributes) {
      const owners = [core, ...extensions].filter((schema) => schema.attributes.has(key));
      if (owners.length === 1) addPaths(paths, '', attribute, extension.id, true);
    }
  }
}

function addQualifiedPaths(
  paths: Map<string, AttributePath>,
  schema: CompiledSchema,
  container: string | null,
  urn: string,
) {
  paths.set(urn.toLowerCase(), {
    container,
    attribute: null,
    subAttribute: null,
    definition: undefined,
    subDefinition: undefined,
    implied: false,
  });
  for (const attribute of schema.attributes.values()) {
    addPaths(paths, `${urn.toLowerCase()}:`, attribute, container, false);
  }
}

function addPaths(
  paths: Map<string, AttributePath>,
  prefix: string,
  definition: Attribute,
  container: string | null,
  implied: boolean,
) {
  const key = prefix + definition.name.toLowerCase();
  const attribute = definition.name;
  paths.set(key, { container, attribute, subAttribute: null, definition, subDefinition: undefined, implied });
  for (const [subKey, subDefinition] of definition.subAttributes) {
    const subAttribute = subDefinition.name;
    paths.set(`${key}.${subKey}`, { container, attribute, subAttribute, definition, subDefinition, implied });
  }
}
