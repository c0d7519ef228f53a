import type { EmailData } from '@rollcall/contract';
import { foldText } from '@rollcall/scim';
import { readElements, readFlag, readText } from './read-values';

/** What is known of a user beside the resource: the values last published. */
export interface LastKnown {
  email: string | null;
  preferred_username: string | null;
}

/** Where the address comes from when it is none of the e-mails, and what tells a soft delete. */
export interface EmailSources {
  userName: string | null;
  active: boolean;
  published: LastKnown | null;
}

/** The e-mail addresses of a resource, without blanks around them; elements without a value are left out. */
export function readEmails(value: unknown): EmailData[] {
  return readElements(value).flatMap((element) => {
    const address = readText(element['value'])?.trim() ?? null;
    if (address === null) return [];
    return [{ value: address, type: readText(element['type']), primary: readFlag(element['primary']) }];
  });
}

/**
 * The user's e-mail address: the primary, else that of work, else the first, else the userName if it is an address.
 *
 * Microsoft Entra ID renames a soft-deleted user to `<object id, 32 hex digits><userName>`. Where the address would be
 * such a name, the last real one stays; for a user not published before, what follows the digits.
 */
export function resolveEmail(emails: readonly EmailData[], user: EmailSources): string | null {
  const { userName, published } = user;
  const email = pickEmail(emails) ?? addressIn(userName);
  const digits = tombstoneDigits(user);
  if (email === null || digits === null || !hasDigits(email, digits)) return email;
  const last = published?.email ?? null;
  if (last !== null && !hasDigits(last, digits)) return last;
  const rest = email.slice(digits.length);
  return isAddress(rest) ? rest : email;
}

function pickEmail(emails: readonly EmailData[]): string | null {
  const email = emails.find(({ primary }) => primary) ?? emails.find(({ type }) => type?.toLowerCase() === 'work');
  return (email ?? emails[0])?.value ?? null;
}

const TOMBSTONE = /^([0-9a-f]{32})([^@].*)$/i;

/** The hex digits that a soft delete put before the userName; null when the userName is an ordinary one. */
function tombstoneDigits({ userName, active, published }: EmailSources): string | null {
  const [, digits, rest] = (userName !== null && TOMBSTONE.exec(userName)) || [];
  if (userName === null || digits === undefined || rest === undefined) return null;
  const before = foldText(published?.preferred_username ?? '');
  // Rename and deactivation may come as two writes, in either order: the rename alone tells a soft delete.
  if (before === foldText(rest)) return digits;
  // A name that was there before is a soft delete only if the address was kept then; else it really begins like this.
  if (before === foldText(userName)) return hasDigits(published?.email ?? digits, digits) ? null : digits;
  return active ? null : digits;
}

function hasDigits(address: string, digits: string): boolean {
  return address.toLowerCase().startsWith(digits.toLowerCase());
}

/** The userName, without blanks around it, if it is an address. */
function addressIn(userName: string | null): string | null {
  const text = userName?.trim() ?? '';
  return isAddress(text) ? text : null;
}

/** Whether a userName can be mailed to; a broker does not judge addresses beyond that. */
function isAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text);
}
