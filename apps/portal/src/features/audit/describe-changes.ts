import type { AuditEntry } from '@rollcall/sdk';
import { formatDateTime } from '../../shared/format/format-time';
import { formatNumber } from '../../shared/format/format-count';
import { formatDuration } from '../../shared/format/format-duration';
import { lookUp } from '../../shared/format/look-up';
import { capitalize, spell } from './describe-action';

/** One field of a change, in words. */
export interface ChangeInWords {
  field: string;
  /** Null: it was not there, or not set. */
  from: string | null;
  to: string | null;
}

const FIELDS: Readonly<Record<string, string>> = {
  display_name: 'Name',
  external_id: 'External ID',
  url: 'URL',
  dir_sync: 'Directory Sync',
  directory_provider: 'Provider',
  directory_type: 'Type',
  event_types: 'Event types',
  organization_ids: 'Organizations',
  rate_limit: 'Attempts per second',
  expire_time: 'Expires',
  overlap_seconds: 'Old one goes on for',
  ip_address: 'Address',
};

/** What an entry says beside what has changed: how often, and why. */
const ASIDE = new Set(['count', 'reason']);

/** What changed, field by field, in the order of the entry. */
export function describeChanges(changes: AuditEntry['changes']): ChangeInWords[] {
  return Object.entries(changes)
    .filter(([name]) => !ASIDE.has(name))
    .map(([name, { from, to }]) => ({
      field: nameField(name),
      from: isNothing(from) ? null : writeValue(name, from),
      to: isNothing(to) ? null : writeValue(name, to),
    }));
}

/** A field as people call it; that of an object in it behind a colon. */
export function nameField(name: string): string {
  const [first = '', ...rest] = name.split('.');
  if (first === 'metadata') return `Metadata: ${rest.join('.')}`;
  const words = lookUp(FIELDS, first) ?? capitalize(spell(first));
  return rest.length === 0 ? words : `${words}: ${spell(rest.join('.'))}`;
}

/** How often it happened within the minute that the entry stands for; null: once, by itself. */
export function countOf(changes: AuditEntry['changes']): number | null {
  const count = changes['count']?.to;
  return typeof count === 'number' && count > 1 ? count : null;
}

const REASONS: Readonly<Record<string, string>> = {
  disabled: 'the directory is disabled',
  expired: 'the secret or token has expired',
  feature_off: 'Directory Sync is off',
  invalid_token: 'the token is not valid',
  revoked: 'the secret or token was revoked',
  too_many_attempts: 'there were too many attempts',
  unknown: 'nobody has this name',
  wrong_secret: 'the secret is wrong',
  wrong_code: 'the code is wrong',
  wrong_password: 'the password is wrong',
};

/** Why somebody was refused; null where the entry is of no refusal. */
export function reasonOf(changes: AuditEntry['changes']): string | null {
  const reason = changes['reason']?.to;
  if (typeof reason !== 'string') return null;
  return lookUp(REASONS, reason) ?? spell(reason);
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function writeValue(name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return name.endsWith('_seconds') ? formatDuration(value) : formatNumber(value);
  if (typeof value === 'string') return TIME.test(value) ? formatDateTime(value) : value;
  if (Array.isArray(value)) return value.map((item) => writeValue('', item)).join(', ');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([, inner]) => !isNothing(inner))
      .map(([key, inner]) => `${spell(key)} ${writeValue(key, inner)}`)
      .join(', ');
  }
  return String(value);
}
