import type { Attribute, AttributePath } from '@rollcall/scim';
import type { ResourceTable } from './resource-table';

/** What SQL is built for: where attributes are read from and where parameters go. */
export interface SqlScope {
  /** jsonb expression of the object that holds the attributes: the resource, or one value inside a value path. */
  source: string;
  /** Set at the top level only, where attributes can have columns and rows of their own. */
  table: ResourceTable | null;
  /** Where resources are served, of which their URLs are made; '' makes these relative. */
  baseUrl: string;
  /** Set inside a value path of references: jsonb of the `$ref` of one, which is not stored. */
  reference?: ReferenceSql | undefined;
  /** Adds a parameter and gives its placeholder. */
  bind(value: string | number | boolean): string;
}

/** Makes of the jsonb of a reference that of its `$ref`. */
export type ReferenceSql = (value: string) => string;

/** The schema's attribute that a path finally names; undefined when no schema knows it. */
export function targetOf(path: AttributePath): Attribute | undefined {
  return path.subAttribute === null ? path.definition : path.subDefinition;
}

/** `attribute` or `attribute.subAttribute` of a known top-level path, the key of ResourceTable; undefined for others. */
export function columnKey(path: AttributePath): string | undefined {
  if (path.container !== null || path.definition === undefined || path.attribute === null) return undefined;
  return path.subAttribute === null ? path.attribute : `${path.attribute}.${path.subAttribute}`;
}

/** Whether a path leads to at most one value, so that no row expansion is needed. */
export function isSingleValued(path: AttributePath): boolean {
  if (path.definition === undefined || path.definition.multiValued) return false;
  return path.subAttribute === null || (path.subDefinition !== undefined && !path.subDefinition.multiValued);
}

/** jsonb of what the source holds at a path, its sub-attribute left aside; SQL null when unassigned. */
export function heldSql(path: AttributePath, scope: SqlScope): string {
  const key = path.attribute;
  if (key === null)
    return path.container === null ? scope.source : namedSql(scope.source, path.container, false, scope);
  const known = path.definition !== undefined;
  if (scope.reference !== undefined && key === '$ref') return scope.reference(scope.source);
  const computed = known && path.container === null ? scope.table?.computed.get(key) : undefined;
  if (computed !== undefined) return `(${computed(() => bindBaseUrl(scope))})`;
  if (path.container === null) return namedSql(scope.source, key, known, scope);
  const source = shownSql(path, scope) ?? scope.source;
  const inContainer = namedSql(namedSql(source, path.container, known, scope), key, known, scope);
  if (!path.implied) return inContainer;
  // A bare name of an extension's attribute: one at the top level of the resource goes first.
  const atTop = namedSql(scope.source, key, true, scope);
  return `(CASE WHEN ${atTop} IS NOT NULL THEN ${atTop} ELSE ${inContainer} END)`;
}

/** jsonb of the resource as answers show it, where they do not show what is stored at a path; undefined elsewhere. */
function shownSql({ container, attribute, subAttribute }: AttributePath, { table }: SqlScope): string | undefined {
  const shown = table?.shown;
  if (!shown || container !== shown.container || attribute !== shown.attribute) return undefined;
  return subAttribute === null || subAttribute === shown.subAttribute ? shown.resource : undefined;
}

/** Whether a path leads to what answers do not show as it is stored. */
export function isShownOtherwise(path: AttributePath, table: ResourceTable): boolean {
  return shownSql(path, { table, source: '', baseUrl: '', bind: String }) !== undefined;
}

/** jsonb of the single value of a path for which `isSingleValued` holds. */
export function singleSql(path: AttributePath, scope: SqlScope): string {
  const held = heldSql(path, scope);
  return path.subAttribute === null ? held : namedSql(held, path.subAttribute, true, scope);
}

/**
 * A FROM list that expands a path to its values, one row each in `v.value`; nothing for an unassigned one. Mirrors the
 * in-memory reading: an array gives its elements, a bare value answers to the sub-attribute `value`.
 */
export function valuesFrom(path: AttributePath, scope: SqlScope): string {
  const held = heldSql(path, scope);
  if (path.subAttribute === null) return `(SELECT ${held} AS held) h, ${elements('h.held')} AS v (value)`;
  const { subAttribute } = path;
  const part = partSql('e.value', path, subAttribute, scope);
  const bare = subAttribute.toLowerCase() === 'value' ? 'e.value' : 'NULL::jsonb';
  return `(SELECT ${held} AS held) h, ${elements('h.held')} AS e (value),
    LATERAL (SELECT CASE WHEN jsonb_typeof(e.value) = 'object' THEN ${part} ELSE ${bare} END AS part) p,
    ${elements('p.part')} AS v (value)`;
}

/** jsonb of a sub-attribute of one value of a path. */
export function partSql(value: string, path: AttributePath, name: string, scope: SqlScope): string {
  const reference = name === '$ref' ? referenceSql(path, scope) : undefined;
  return reference === undefined ? namedSql(value, name, targetOf(path) !== undefined, scope) : reference(value);
}

/** How `$ref` is made of the values of a path, where they are references. */
export function referenceSql(path: AttributePath, scope: SqlScope): ReferenceSql | undefined {
  const { table } = scope;
  const isReference =
    path.container === null && path.definition !== undefined && path.attribute === table?.referenceAttribute;
  return isReference && table ? (value) => table.referenceUrl(value, bindBaseUrl(scope)) : undefined;
}

function bindBaseUrl(scope: SqlScope): string {
  return `${scope.bind(scope.baseUrl)}::text`;
}

function elements(held: string): string {
  return `LATERAL jsonb_array_elements(CASE WHEN ${held} IS NULL OR jsonb_typeof(${held}) = 'null' THEN '[]'
    WHEN jsonb_typeof(${held}) = 'array' THEN ${held} ELSE jsonb_build_array(${held}) END)`;
}

/** A member of a jsonb object by name: exact for names of a schema, otherwise in any case, the exact one first. */
export function namedSql(object: string, name: string, known: boolean, scope: SqlScope): string {
  if (known) return `(${object} -> ${scope.bind(name)}::text)`;
  return `(SELECT n.value FROM jsonb_each(CASE WHEN jsonb_typeof(${object}) = 'object' THEN ${object} END) AS n (key, value)
    WHERE lower(n.key COLLATE "C") = ${scope.bind(name.toLowerCase())}::text
    ORDER BY (n.key = ${scope.bind(name)}::text) DESC LIMIT 1)`;
}
