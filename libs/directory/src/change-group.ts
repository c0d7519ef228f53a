import { foldText, jsonEquals } from '@rollcall/scim';
import type { ScimResource } from '@rollcall/scim';

/** What is stored beside a group's resource so that it can be found. */
export interface GroupColumns {
  /** `displayName` folded: unique in a directory. */
  displayNameKey: string;
  /** Compared exactly (RFC 7643 §3.1). */
  externalId: string | null;
}

/** A group as it is to be stored; its members are rows of their own. */
export interface GroupRecord {
  /** Canonical form, without members. */
  resource: ScimResource;
  columns: GroupColumns;
}

/**
 * Decides what a write to a group's attributes stores: the record of `next` (canonical form), or null when it says nothing
 * new compared with `current` (null for a group that does not exist yet). The order of keys does not count.
 */
export function changeGroup(current: ScimResource | null, next: ScimResource): GroupRecord | null {
  if (current !== null && (current === next || jsonEquals(current, next))) return null;
  const { displayName, externalId } = next;
  return {
    resource: next,
    columns: {
      displayNameKey: typeof displayName === 'string' ? foldText(displayName) : '',
      externalId: typeof externalId === 'string' ? externalId : null,
    },
  };
}
