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

type StoredEntry = readonly [
  string,
  string,
  string,
  number,
  RequestOutcome,
  string | null,
  string | null,
  number,
  string | null,
  string | null,
  string | null,
  string | null,
  string | null,
  string | null,
  number,
];

/** An entry as JSON text: its values in the order of the view scim_requests. */
export function writeEntry(entry: RequestEntry): string {
  const stored: StoredEntry = [
    entry.id,
    entry.method,
    entry.path,
    entry.status,
    entry.outcome,
    entry.scim_type,
    entry.detail,
    entry.duration_ms,
    entry.secret_id,
    entry.user_agent,
    entry.correlation_id,
    entry.ip_address,
    entry.resource_id,
    entry.user_name_key,
    entry.not_recorded,
  ];
  return JSON.stringify(stored);
}

/** The entries of a pack, oldest first. */
export function readEntries(entries: string): RequestEntry[] {
  return (JSON.parse(entries) as StoredEntry[]).map(readEntry);
}

function readEntry([
  id,
  method,
  path,
  status,
  outcome,
  scim_type,
  detail,
  duration_ms,
  ...rest
]: StoredEntry): RequestEntry {
  const [secret_id, user_agent, correlation_id, ip_address, resource_id, user_name_key, not_recorded] = rest;
  return {
    id,
    method,
    path,
    status,
    outcome,
    scim_type,
    detail,
    duration_ms,
    secret_id,
    user_agent,
    correlation_id,
    ip_address,
    resource_id,
    user_name_key,
    not_recorded,
  };
}

/** By what a request is found: its resource and the userName that it is about. */
export function keysOf({ resource_id, user_name_key }: RequestEntry): string[] {
  return [resource_id, user_name_key].filter((key) => key !== null);
}

/** Whether a request went wrong. */
export function isFailure({ outcome }: Pick<RequestEntry, 'outcome'>): boolean {
  return outcome === 'refused' || outcome === 'failed';
}
