import { BOUNDS, isStorable, isStorableJson, ROLE_NAME } from '@rollcall/directory';
import { isAttributePath } from '@rollcall/events';
import { StartError } from '@rollcall/embedded-postgres';
import { text } from '../consume/read-shape';
import type { Reader } from '../consume/read-shape';
import type { SourceDirectory, SourceMapping, SourceOrganization, SourceRole } from './source';

/** The id of something at the source, by which it is known here from then on. Throws a StartError that names the path. */
export const foreignId: Reader<string> = (value, path) => {
  const id = text(value, path);
  const why = whyNotText(path, id, BOUNDS.externalId);
  if (why !== null) throw new StartError(why);
  return id;
};

/** Why an organization cannot be made here, which the API would not take either; null when it can. */
export function whyNotOrganization({ name, externalId, metadata }: SourceOrganization): string | null {
  if (!isStorableJson(metadata, BOUNDS.metadataBytes)) {
    return `Its metadata must be at most ${BOUNDS.metadataBytes} bytes as JSON, ${WITHOUT}. Correct it at the source.`;
  }
  return (
    whyNotText('Its name', name, BOUNDS.organizationName) ??
    (externalId === null ? null : whyNotText('Its external id', externalId, BOUNDS.externalId))
  );
}

/** The same of a directory. */
export function whyNotDirectory({ name }: SourceDirectory): string | null {
  return whyNotText('Its name', name, BOUNDS.directoryName);
}

/** The same of a role. */
export function whyNotRole({ name, displayName, description }: SourceRole): string | null {
  if (!ROLE_NAME.test(name)) {
    return 'Its name must be 1 to 100 letters, digits, "_", ".", ":" or "-" that begin with a letter or digit. Make it anew at the source.';
  }
  return (
    whyNotText('Its display name', displayName, BOUNDS.roleDisplayName) ??
    whyNotText('Its description', description, BOUNDS.roleDescription)
  );
}

/** Whether an attribute can be mapped so here. */
export function isMapping({ key, mapTo }: SourceMapping): boolean {
  const isName = mapTo.length > 0 && mapTo.length <= BOUNDS.customAttributeName && isStorable(mapTo);
  return isName && !PROTOTYPES.has(mapTo) && key.length <= BOUNDS.attributePath && isAttributePath(key);
}

/** What reaches the prototype of an object. */
const PROTOTYPES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const WITHOUT = 'without U+0000 and half surrogate pairs';

function whyNotText(what: string, given: string, max: number): string | null {
  if (given.length <= max && isStorable(given)) return null;
  return `${what} must be at most ${max} characters, ${WITHOUT}. Correct it at the source.`;
}
