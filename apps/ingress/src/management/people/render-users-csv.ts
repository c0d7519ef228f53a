import type { PlainUserItem } from './people.dto';

/** The columns of an export, in order. */
const COLUMNS: readonly (readonly [header: string, read: (user: PlainUserItem) => string | null])[] = [
  ['External ID', (user) => user.dp_id],
  ['User name', (user) => user.preferred_username],
  ['Email', (user) => user.email],
  ['Name', (user) => user.name],
  ['Given name', (user) => user.given_name],
  ['Family name', (user) => user.family_name],
  ['Status', (user) => (user.active ? 'Active' : 'Inactive')],
  ['Title', (user) => user.title],
  ['Department', (user) => user.department],
  ['Employee ID', (user) => user.employee_id],
  ['Groups', (user) => user.groups.map(({ id, name }) => name ?? id).join('; ')],
  ['Roles', (user) => user.roles.map(({ role_name }) => role_name).join('; ')],
  ['Created', (user) => user.create_time],
  ['Updated', (user) => user.update_time],
  ['ID', (user) => user.id],
];

/** Characters of a cell: spreadsheets refuse a file with more in one. */
const CELL_MAX = 32_000;

/** The first line of an export; the mark in front of it says UTF-8 to spreadsheets. */
export const USERS_CSV_HEADER = `\uFEFF${toLine(COLUMNS.map(([header]) => header))}`;

/** A user as a line of an export (RFC 4180). */
export function renderUserCsv(user: PlainUserItem): string {
  return toLine(COLUMNS.map(([, read]) => read(user) ?? ''));
}

function toLine(cells: readonly string[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

/**
 * Always quoted. A text that a spreadsheet would take for a formula gets an apostrophe in front, wherever people write what they want
 * into their own profile (OWASP, CSV injection).
 */
function toCell(text: string): string {
  const cut = text.length > CELL_MAX ? `${text.slice(0, CELL_MAX)}…` : text;
  const safe = /^[\s\uFEFF]*[=+\-@\t\r|%＝＋－＠]/.test(cut) ? `'${cut}` : cut;
  return `"${safe.replaceAll('"', '""')}"`;
}
