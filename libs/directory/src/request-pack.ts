import { idFloor, timeOfId } from '@rollcall/platform';
import { packBodies, unpackBodies } from './request-bodies';
import type { StoredBodies } from './request-bodies';
import { isFailure, keysOf, readEntries, writeEntry } from './request-entry';
import type { RequestEntry } from './request-entry';
import { TextBuffer } from './text-buffer';

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
export interface RequestPack extends StoredBodies {
  directoryId: string;
  /** That of the newest request. */
  id: string;
  /** That of the oldest. */
  firstId: string;
  count: number;
  hasFailures: boolean;
  whole: boolean;
  /** JSON array of entries, in UTF-8, in the order in which they were answered. */
  entries: Buffer;
  /** By what its requests are found, each once. */
  keys: string[];
}

/** What one pack holds at most: requests, characters (a longer body is alone), and milliseconds from the oldest to the newest. */
export const PACK_MAX = { count: 250, size: 256 * 1024, ms: 60_000 };

/**
 * A pack that requests are added to. It keeps their texts as bytes outside of the heap: some thousand requests that wait there as objects
 * would be moved by each collection of young garbage, which takes longer than all else that is done for them.
 */
export class OpenPack {
  private readonly entries = new TextBuffer();
  private readonly bodies = new TextBuffer();
  private readonly keys = new Set<string>();
  private firstId: string;
  private lastId: string;
  /** Requests from this id on are too late for it. */
  private end: string;
  private count = 0;
  private size = 0;
  private hasFailures = false;
  /** The newest entry, which is written when the next one comes: until then it can be told of what found no room behind it. */
  private newest: RequestEntry | null = null;

  /** @param first whose pack it is, and the first to be added */
  constructor(private readonly first: Pick<RecordedRequest, 'directory_id' | 'whole' | 'id'>) {
    this.firstId = this.lastId = first.id;
    this.end = endOf(first.id);
  }

  /** How many requests were added. */
  get length(): number {
    return this.count;
  }

  /** Whether it has room for a request of the same directory. */
  takes(request: RecordedRequest): boolean {
    const { id, whole } = request;
    return (
      whole === this.first.whole &&
      this.count < PACK_MAX.count &&
      (this.count === 0 || this.size + sizeOf(request) <= PACK_MAX.size) &&
      id < this.end &&
      (id >= this.firstId || this.lastId < endOf(id))
    );
  }

  add(request: RecordedRequest): void {
    const { id, request_body, response_body } = request;
    this.writeNewest();
    this.newest = request;
    this.bodies.add(`${this.count === 0 ? '[' : ','}[${request_body},${response_body}]`);
    for (const key of keysOf(request)) this.keys.add(key);
    this.hasFailures ||= isFailure(request);
    if (id < this.firstId) {
      this.firstId = id;
      this.end = endOf(id);
    }
    if (id > this.lastId) this.lastId = id;
    this.count += 1;
    this.size += sizeOf(request);
  }

  /**
   * The pack of what was added, which must be something; nothing can be added any more.
   * @param missed requests behind the newest one that found no room
   */
  close(missed = 0): RequestPack {
    if (this.newest) this.newest.not_recorded += missed;
    this.writeNewest();
    this.newest = null;
    return {
      directoryId: this.first.directory_id,
      id: this.lastId,
      firstId: this.firstId,
      count: this.count,
      hasFailures: this.hasFailures,
      whole: this.first.whole,
      entries: this.entries.close(']'),
      ...packBodies(this.bodies.close(']')),
      keys: [...this.keys],
    };
  }

  private writeNewest(): void {
    if (this.newest) this.entries.add((this.entries.isEmpty ? '[' : ',') + writeEntry(this.newest));
  }
}

/** What is left of a pack that is not stored yet without some of its requests; null when none is. */
export function withoutRequests(pack: RequestPack, isGone: (entry: RequestEntry) => boolean): RequestPack | null {
  const left = withoutStoredRequests({ ...pack, entries: pack.entries.toString() }, isGone);
  if (!left) return null;
  const { entries, kept, bodies, deflatedBodies } = left;
  const ids = kept.map(({ id }) => id).toSorted();
  const [firstId = '', id = ''] = [ids[0], ids.at(-1)];
  return {
    ...pack,
    id,
    firstId,
    count: kept.length,
    hasFailures: kept.some(isFailure),
    entries: Buffer.from(entries),
    bodies,
    deflatedBodies,
    keys: [...new Set(kept.flatMap(keysOf))],
  };
}

/** What is left of a stored pack without some of its requests; null when none is. */
export function withoutStoredRequests(
  { entries, ...stored }: { entries: string } & StoredBodies,
  isGone: (entry: RequestEntry) => boolean,
): ({ entries: string; kept: RequestEntry[] } & StoredBodies) | null {
  const all = readEntries(entries);
  const isKept = all.map((entry) => !isGone(entry));
  const kept = all.filter((_, n) => isKept[n]);
  if (kept.length === 0) return null;
  const bodies = unpackBodies(stored);
  return {
    entries: `[${kept.map(writeEntry).join(',')}]`,
    ...(bodies
      ? packBodies(Buffer.from(JSON.stringify(bodies.filter((_, n) => isKept[n]))))
      : { bodies: null, deflatedBodies: null }),
    kept,
  };
}

function sizeOf({ path, request_body, response_body }: RecordedRequest): number {
  return 300 + path.length + (request_body?.length ?? 0) + (response_body?.length ?? 0);
}

function endOf(id: string): string {
  return idFloor(new Date(timeOfId(id).getTime() + PACK_MAX.ms));
}
