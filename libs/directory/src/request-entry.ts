import type { RequestOutcome } from '@rollcall/contract';

/** A SCIM request as the request log keeps it, without its bodies; ids are bare. The time of the request is that of its id. */
export interface RequestEntry {
  id: string;
  method: string;
  path: string;
  status: number;
  outcome: RequestOutcome;
  scim_type: string | null;
  detail: string | null;
  duration_ms: number;
  secret_id: string | null;
  user_agent: string | null;
  correlation_id: string | null;
  ip_address: string | null;
  resource_id: string | null;
  /** The folded userName that it is about. */
  user_name_key: string | null;
  /** Requests of the directory before this one that found no room in the log, or were over its limit one after the other. */
  not_recorded: number;
}

/** What is stored of an entry, in this order, which is that of the view scim_requests. */
export const ENTRY_FIELDS = [
  'id',
  'method',
  'path',
  'status',
  'outcome',
  'scim_type',
  'detail',
  'duration_ms',
  'secret_id',
  'user_agent',
  'correlation_id',
  'ip_address',
  'resource_id',
  'user_name_key',
  'not_recorded',
] as const satisfies readonly (keyof RequestEntry)[];

/** An entry as JSON text: an array of its values. */
export function writeEntry(entry: RequestEntry): string {
  return JSON.stringify(ENTRY_FIELDS.map((field) => entry[field]));
}

/** The entries of a pack, oldest first. */
export function readEntries(entries: string): RequestEntry[] {
  return (JSON.parse(entries) as unknown[][]).map(readEntry);
}

function readEntry(values: readonly unknown[]): RequestEntry {
  const entry: Partial<Record<keyof RequestEntry, unknown>> = {};
  for (const [index, field] of ENTRY_FIELDS.entries()) entry[field] = values[index];
  return entry as RequestEntry;
}

/** By what a request is found: its resource and the userName that it is about. */
export function keysOf({ resource_id, user_name_key }: RequestEntry): string[] {
  return [resource_id, user_name_key].filter((key) => key !== null);
}

/** Whether a request went wrong. */
export function isFailure({ outcome }: Pick<RequestEntry, 'outcome'>): boolean {
  return outcome === 'refused' || outcome === 'failed';
}
