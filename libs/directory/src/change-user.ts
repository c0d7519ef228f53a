import { foldText, jsonEquals } from '@rollcall/scim';
import type { JsonValue, ScimResource } from '@rollcall/scim';

/** What is stored beside a user's resource so that it can be found; keys are folded (`foldText`). */
export interface UserColumns {
  userNameKey: string;
  /** Compared exactly (RFC 7643 §3.1). */
  externalId: string | null;
  displayNameKey: string | null;
  /** Each once, in the order of `emails`. */
  emailKeys: string[];
  /** True unless the identity provider said otherwise. */
  active: boolean;
}

/** A user as it is to be stored. */
export interface UserRecord {
  /** Canonical form, with `active`. */
  resource: ScimResource;
  columns: UserColumns;
}

/**
 * Decides what a write stores: the record of `next` (canonical form), or null when it says nothing new compared with
 * `current` (null for a user that does not exist yet). The order of keys does not count. A user is active until told
 * otherwise, and is stored so: `active` is always shown, whether it was sent or not.
 */
export function changeUser(current: ScimResource | null, next: ScimResource): UserRecord | null {
  if (current === next) return null;
  const resource = next.active === undefined ? { ...next, active: true } : next;
  if (current !== null && jsonEquals(current, resource)) return null;
  return { resource, columns: userColumns(resource) };
}

function userColumns(resource: ScimResource): UserColumns {
  return {
    userNameKey: keyOf(resource.userName) ?? '',
    externalId: textOf(resource.externalId),
    displayNameKey: keyOf(resource.displayName),
    emailKeys: emailKeys(resource.emails),
    active: resource.active !== false,
  };
}

function emailKeys(emails: JsonValue | undefined): string[] {
  if (!Array.isArray(emails)) return [];
  const keys = emails.map((email) =>
    keyOf(typeof email === 'object' && email !== null && !Array.isArray(email) ? email.value : email),
  );
  return [...new Set(keys.filter((key) => key !== null))];
}

/** Folded in JavaScript and never in SQL: the database's locale must not decide who is found. */
function keyOf(value: JsonValue | undefined): string | null {
  const text = textOf(value);
  return text === null ? null : foldText(text);
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
