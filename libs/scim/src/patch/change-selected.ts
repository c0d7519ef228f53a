import { matchesValue } from '../filter/evaluate-filter';
import type { ResolvedFilter } from '../filter/filter';
import { isJsonObject } from '../json';
import type { JsonObject, JsonValue } from '../json';
import type { Attribute, AttributePath } from '../schema/schema';
import { assertImmutable } from '../resource/replace-resource';
import { invalidValue, noTarget } from '../scim-error';
import { readUnknown } from '../value/copy-json';
import { keepOnePrimary } from '../value/keep-one-primary';
import { readComplex, readValue } from '../value/read-attribute';
import { setPartOf } from './set-part';

/** How `changeSelected` treats what is there and what is not. */
export interface SelectedOptions {
  /** Merge an object into the selected values instead of putting it in their place. */
  merge: boolean;
  /** When nothing is selected, make the value that a filter of equalities describes. */
  create: boolean;
}

/**
 * What an attribute becomes when the values that a filter selects get a value, or a sub-attribute of theirs does.
 * @throws ScimError 400 noTarget when nothing is selected and nothing may be made.
 */
export function changeSelected(
  current: JsonValue | undefined,
  path: AttributePath,
  filter: ResolvedFilter,
  raw: JsonValue,
  options: SelectedOptions,
): JsonValue | undefined {
  const before = Array.isArray(current) ? current : current === undefined ? [] : [current];
  const change = changeOf(path, filter, raw, options);
  let selected = 0;
  const after = before.flatMap((value) => {
    if (!matchesValue(filter, value)) return [value];
    selected++;
    return change(value) ?? [];
  });
  if (selected === 0) {
    const made = options.create ? makeValue(path, filter, change) : undefined;
    if (made === undefined) throw noTarget(unmatched(path));
    if (path.definition?.multiValued === false) return made;
    after.push(made);
  }
  if (
    path.definition?.multiValued === false ||
    (path.definition === undefined && !Array.isArray(current) && selected > 0)
  ) {
    return after[0];
  }
  if (after.length === 0) return undefined;
  return path.definition?.hasPrimary === true ? keepOnePrimary(before, after) : after;
}

/** What is wrong with a path whose filter selects nothing. */
export function unmatched(path: AttributePath): string {
  return `No value of ${path.attribute} matches the filter of the path. Read the resource and send a filter that matches one.`;
}

/** The change of one selected value. */
function changeOf(
  path: AttributePath,
  filter: ResolvedFilter,
  raw: JsonValue,
  { merge }: SelectedOptions,
): (value: JsonValue) => JsonValue | undefined {
  const { definition, subAttribute } = path;
  const single = Array.isArray(raw) && raw.length === 1 ? (raw[0] ?? null) : raw;
  if (subAttribute !== null) return (value) => setPartOf(value, path, subAttribute, raw);
  if (definition === undefined) return () => readUnknown(single, path.attribute ?? '');
  if (definition.type !== 'complex') return () => readValue(definition, single);
  const { valueAttribute } = definition;
  if (!isJsonObject(single) && valueAttribute !== undefined) {
    const toValue = { ...path, subAttribute: valueAttribute.name, subDefinition: valueAttribute };
    return (value) => setPartOf(value, toValue, valueAttribute.name, single);
  }
  const sent = readComplex(definition, single);
  return (value) => replaceValue(definition, value, sent, merge ? value : equalities(filter));
}

function replaceValue(
  definition: Attribute,
  value: JsonValue,
  sent: JsonObject | undefined,
  base: JsonValue | undefined,
): JsonValue {
  const next: JsonObject = { ...(isJsonObject(base) ? base : {}), ...sent };
  if (Object.keys(next).length === 0)
    throw invalidValue(`${definition.label} has an empty value. Send its sub-attributes.`);
  assertImmutable({ ...definition, mutability: 'readWrite' }, value, next);
  return next;
}

/** The value that a filter of equalities describes, with the change applied; undefined when it describes none. */
function makeValue(
  { definition }: AttributePath,
  filter: ResolvedFilter,
  change: (value: JsonValue) => JsonValue | undefined,
): JsonValue | undefined {
  const described = equalities(filter);
  if (described === undefined || (definition !== undefined && definition.type !== 'complex')) return undefined;
  const made = change(described);
  return made !== undefined && definition !== undefined ? readValue(definition, made) : made;
}

/** The sub-attributes that a filter `a eq x [and b eq y]` demands; undefined for any other filter. */
function equalities(filter: ResolvedFilter): JsonObject | undefined {
  const described: JsonObject = {};
  for (const term of filter.kind === 'and' ? filter.filters : [filter]) {
    if (term.kind !== 'compare' || term.operator !== 'eq' || term.value === null) return undefined;
    const name = term.path.attribute ?? '';
    if (Object.hasOwn(described, name) && described[name] !== term.value) return undefined;
    described[name] = term.value;
  }
  return described;
}
