import { isJsonObject } from '../json';
import type { JsonValue } from '../json';
import type { AttributePath } from '../schema/schema';
import { readUnknown } from '../value/copy-json';
import { readAttribute } from '../value/read-attribute';
import { changeSelected } from './change-selected';
import { mergeComplex } from './merge-complex';
import type { PatchTarget } from './parse-patch-target';
import { removeValue } from './remove-value';
import { setPart } from './set-part';
import { unwrapList } from './unwrap-list';

/**
 * What an attribute becomes when its value is replaced (RFC 7644 §3.5.2.3): a multi-valued one gets the new set, a
 * complex one is merged, one that was not there is added. null unassigns.
 *
 * A value path that selects nothing makes the value it describes when the filter only demands equalities, as Entra
 * expects; in strict mode it is refused as the RFC says.
 * @throws ScimError 400.
 */
export function replaceValue(
  current: JsonValue | undefined,
  target: PatchTarget,
  raw: JsonValue,
  strict: boolean,
): JsonValue | undefined {
  const { path, filter } = target;
  if (filter !== undefined) {
    if (raw === null) return removeValue(current, target, undefined, strict);
    return changeSelected(current, path, filter, raw, { merge: false, create: !strict });
  }
  if (path.subAttribute !== null) return setPart(current, path, path.subAttribute, raw);
  return replaceWhole(current, path, raw);
}

function replaceWhole(current: JsonValue | undefined, path: AttributePath, raw: JsonValue): JsonValue | undefined {
  const { definition } = path;
  if (definition === undefined) {
    const next = readUnknown(raw, path.attribute ?? '');
    return isJsonObject(current) && isJsonObject(next) ? { ...current, ...next } : next;
  }
  if (definition.multiValued) return readAttribute(definition, raw);
  const single = unwrapList(definition, raw);
  return definition.type === 'complex'
    ? mergeComplex(definition, current, single, true)
    : readAttribute(definition, single);
}
