import { timeOfId } from '@rollcall/platform';
import { isFailure, keysOf, readEntries, writeEntry } from './request-entry';
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
  /** The resources among the keys. */
  resourceIds: string[];
}

/** What one pack holds at most: requests, characters (a longer body is alone), and milliseconds from the oldest to the newest. */
export const PACK_MAX = { count: 250, size: 256 * 1024, ms: 60_000 };

/** Packs of requests, of one or several directories. */
export function packRequests(requests: readonly RecordedRequest[]): RequestPack[] {
  const packs: RequestPack[] = [];
  let open: RecordedRequest[] = [];
  let size = 0;
  for (const request of requests.toSorted(byDirectoryAndId)) {
    const added = sizeOf(request);
    if (open.length > 0 && !belongs(request, open, size + added)) {
      packs.push(pack(open));
      [open, size] = [[], 0];
    }
    open.push(request);
    size += added;
  }
  if (open.length > 0) packs.push(pack(open));
  return packs;
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

function belongs(request: RecordedRequest, open: readonly RecordedRequest[], size: number): boolean {
  const first = open[0] ?? request;
  return (
    request.directory_id === first.directory_id &&
    request.whole === first.whole &&
    open.length < PACK_MAX.count &&
    size <= PACK_MAX.size &&
    timeOfId(request.id).getTime() - timeOfId(first.id).getTime() < PACK_MAX.ms
  );
}

/** Of requests in their order, at least one. */
function pack(requests: readonly RecordedRequest[]): RequestPack {
  const [first, last] = [requests[0], requests.at(-1)];
  if (!first || !last) throw new Error('a pack holds a request');
  const resourceIds = new Set<string>();
  const keys = new Set<string>();
  for (const request of requests) {
    if (request.resource_id !== null) resourceIds.add(request.resource_id);
    for (const key of keysOf(request)) keys.add(key);
  }
  return {
    directoryId: first.directory_id,
    id: last.id,
    firstId: first.id,
    count: requests.length,
    hasFailures: requests.some(isFailure),
    whole: first.whole,
    entries: `[${requests.map(writeEntry).join(',')}]`,
    bodies: `[${requests.map(({ request_body, response_body }) => `[${request_body},${response_body}]`).join(',')}]`,
    keys: [...keys],
    resourceIds: [...resourceIds],
  };
}
