import { idFloor, timeOfId } from '@rollcall/platform';
import { isFailure, readEntries, writeEntry } from './request-entry';
import type { RequestEntry } from './request-entry';

/** A SCIM request as it is written in the request log; bodies are redacted JSON texts. */
export interface RecordedRequest extends RequestEntry {
  directory_id: string;
  request_body: string | null;
  response_body: string | null;
  /** Whether the bodies are whole, which is stored only for an environment that wants it. */
  whole: boolean;
}

/**
 * Requests of one directory that are stored as one row: what a request costs is then the writing of its text, and a row, its place in
 * the indexes and its part of a statement are shared by all of them.
 */
export interface RequestPack {
  directoryId: string;
  /** That of the newest request. */
  id: string;
  /** That of the oldest. */
  firstId: string;
  count: number;
  hasFailures: boolean;
  whole: boolean;
  /** JSON array of entries, oldest first. */
  entries: string;
  /** JSON array of their bodies, `[request, answer]` each. */
  bodies: string;
  /** By what its requests are found, each once. */
  keys: string[];
}

/** What one pack holds at most: requests, characters (a longer body is alone), and milliseconds from the oldest to the newest. */
export const PACK_MAX = { count: 250, size: 256 * 1024, ms: 60_000 };

/** Packs of requests, of one or several directories. */
export function packRequests(requests: readonly RecordedRequest[]): RequestPack[] {
  const packs: RequestPack[] = [];
  let open: OpenPack | null = null;
  for (const request of requests.toSorted(byDirectoryAndId)) {
    const size = sizeOf(request);
    if (open === null || !belongs(request, open, size)) {
      if (open) packs.push(close(open));
      open = { first: request, end: endOf(request), requests: [], size: 0 };
    }
    open.requests.push(request);
    open.size += size;
  }
  if (open) packs.push(close(open));
  return packs;
}

interface OpenPack {
  first: RecordedRequest;
  /** Requests from this id on are too late for it. */
  end: string;
  requests: RecordedRequest[];
  size: number;
}

/** The bodies of a pack's requests, as JSON values, in the order of its entries. */
export function readBodies(bodies: string): [request: unknown, answer: unknown][] {
  return JSON.parse(bodies) as [unknown, unknown][];
}

/** What is left of a pack without some of its requests; null when none is. */
export function withoutRequests(
  { entries, bodies }: { entries: string; bodies: string | null },
  isGone: (entry: RequestEntry) => boolean,
): { entries: string; bodies: string | null; kept: RequestEntry[] } | null {
  const all = readEntries(entries);
  const isKept = all.map((entry) => !isGone(entry));
  const kept = all.filter((_, n) => isKept[n]);
  if (kept.length === 0) return null;
  return {
    entries: `[${kept.map(writeEntry).join(',')}]`,
    bodies: bodies && JSON.stringify(readBodies(bodies).filter((_, n) => isKept[n])),
    kept,
  };
}

function byDirectoryAndId(a: RecordedRequest, b: RecordedRequest): number {
  return compare(a.directory_id, b.directory_id) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sizeOf({ path, request_body, response_body }: RecordedRequest): number {
  return 300 + path.length + (request_body?.length ?? 0) + (response_body?.length ?? 0);
}

function endOf({ id }: RecordedRequest): string {
  return idFloor(new Date(timeOfId(id).getTime() + PACK_MAX.ms));
}

function belongs(request: RecordedRequest, { first, end, requests, size }: OpenPack, added: number): boolean {
  return (
    request.directory_id === first.directory_id &&
    request.whole === first.whole &&
    request.id < end &&
    requests.length < PACK_MAX.count &&
    size + added <= PACK_MAX.size
  );
}

function close({ first, requests }: OpenPack): RequestPack {
  const keys = new Set<string>();
  let entries = '';
  let bodies = '';
  let hasFailures = false;
  for (const request of requests) {
    const { resource_id, user_name_key, request_body, response_body } = request;
    const separator = entries === '' ? '[' : ',';
    entries += separator + writeEntry(request);
    bodies += `${separator}[${request_body},${response_body}]`;
    if (resource_id !== null) keys.add(resource_id);
    if (user_name_key !== null) keys.add(user_name_key);
    hasFailures ||= isFailure(request);
  }
  return {
    directoryId: first.directory_id,
    id: (requests.at(-1) ?? first).id,
    firstId: first.id,
    count: requests.length,
    hasFailures,
    whole: first.whole,
    entries: `${entries}]`,
    bodies: `${bodies}]`,
    keys: [...keys],
  };
}
