import { isJsonObject } from '../json';
import type { JsonValue } from '../json';
import type { Attribute, AttributePath } from '../schema/schema';
import { appendValues } from '../value/append-values';
import { readUnknown } from '../value/copy-json';
import { keepOnePrimary } from '../value/keep-one-primary';
import { readAttribute } from '../value/read-attribute';
import { changeSelected } from './change-selected';
import { mergeComplex } from './merge-complex';
import type { PatchTarget } from './parse-patch-target';
import { setPart } from './set-part';
import { unwrapList } from './unwrap-list';

/**
 * What an attribute becomes when a value is added to it (RFC 7644 §3.5.2.1): a multi-valued one gets the values it does
 * not have, a complex one is merged, another one replaced. null adds nothing.
 *
 * A value path that selects nothing makes the value it describes (Entra adds `emails[type eq "work"].value`).
 * @throws ScimError 400.
 */
export function addValue(current: JsonValue | undefined, target: PatchTarget, raw: JsonValue): JsonValue | undefined {
  if (raw === null) return current;
  const { path, filter } = target;
  if (filter !== undefined) return changeSelected(current, path, filter, raw, { merge: true, create: true });
  if (path.subAttribute !== null) return setPart(current, path, path.subAttribute, raw);
  return addWhole(current, path, raw);
}

function addWhole(current: JsonValue | undefined, path: AttributePath, raw: JsonValue): JsonValue | undefined {
  const { definition } = path;
  if (definition === undefined) return addUnknown(current, readUnknown(raw, path.attribute ?? ''));
  if (definition.multiValued) return append(current, readAttribute(definition, raw), definition);
  const single = unwrapList(definition, raw);
  if (definition.type === 'complex') return mergeComplex(definition, current, single, false);
  return readAttribute(definition, single) ?? current;
}

/** Without a schema the value that is there tells the kind: lists grow, objects merge, the rest is replaced. */
function addUnknown(current: JsonValue | undefined, added: JsonValue | undefined): JsonValue | undefined {
  if (added === undefined) return current;
  if (Array.isArray(current)) return append(current, Array.isArray(added) ? added : [added], undefined);
  return isJsonObject(current) && isJsonObject(added) ? { ...current, ...added } : added;
}

/** Adds values; a primary one among them takes the mark from the one that has it. */
function append(
  current: JsonValue | undefined,
  added: JsonValue | undefined,
  definition: Attribute | undefined,
): JsonValue | undefined {
  if (!Array.isArray(added)) return current;
  const before = Array.isArray(current) ? current : current === undefined ? [] : [current];
  const after = appendValues(before, added, definition);
  return definition?.hasPrimary === true ? keepOnePrimary(before, after) : after;
}
