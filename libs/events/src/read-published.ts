import { EMPTY_GROUP, EMPTY_USER } from '@rollcall/contract';
import type { GroupData, UserData } from '@rollcall/contract';
import type { NormalizeContext } from './change';
import { compileRules, NO_RULES } from './compile-rules';
import { normalizeGroup } from './normalize-group';
import { normalizeUser } from './normalize-user';

/**
 * Reads a user as it was last published. A field that the contract has got since then reads as what the user's stored
 * resource says of it: whoever compares sees no change where there was none, and the old value where there was one.
 * @param text the stored JSON
 */
export function readPublishedUser(text: string): UserData {
  const stored = JSON.parse(text) as UserData;
  if (hasAll(stored, EMPTY_USER)) return stored;
  const alone = { userId: '', groups: [], published: null };
  return { ...normalizeUser(stored.raw_attributes, alone, NOWHERE), ...stored };
}

/**
 * Reads a group as it was last published, likewise.
 * @param text the stored JSON
 */
export function readPublishedGroup(text: string): GroupData {
  const stored = JSON.parse(text) as GroupData;
  if (hasAll(stored, EMPTY_GROUP)) return stored;
  return { ...normalizeGroup(stored.raw_attributes, { groupId: '', totalUsers: 0 }, NOWHERE), ...stored };
}

function hasAll(stored: object, fields: object): boolean {
  return Object.keys(fields).every((field) => Object.hasOwn(stored, field));
}

/** Ids, groups and roles are in every stored object, so nothing of this shows. */
const NOWHERE: NormalizeContext = {
  environmentId: '',
  organizationId: '',
  directoryId: '',
  rules: compileRules(NO_RULES),
};
