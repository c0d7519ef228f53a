import type { GroupData, UserData } from '../events/event-data';
import { ConnectionError, RollcallError, responseInvalid } from './rollcall-error';

/** The first record: the events after `sequence` continue this snapshot without gap or overlap. */
export interface SnapshotHeader {
  kind: 'header';
  directory_id: string;
  sequence: number;
  /** Of that sequence; absent = 1. */
  epoch?: number;
  time: string;
}

/** The last record: how many of each there were. */
export interface SnapshotEnd {
  kind: 'end';
  users: number;
  groups: number;
  memberships: number;
}

/** One line of a snapshot. */
export type SnapshotRecord =
  | SnapshotHeader
  | { kind: 'user'; data: UserData }
  | { kind: 'group'; data: GroupData }
  | { kind: 'membership'; group_id: string; user_id: string }
  | SnapshotEnd;

/**
 * Reads the records of a snapshot from its NDJSON bytes: the header first, the end last.
 * @throws RollcallError `snapshot_incomplete` when the stream was cut: throw away what was read of it
 */
export async function* readSnapshot(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<SnapshotRecord, void, undefined> {
  const counts = { user: 0, group: 0, membership: 0 };
  let started = false;
  let end: SnapshotEnd | null = null;
  for await (const line of readLines(chunks)) {
    const record = parseRecord(line);
    if (end || started === (record.kind === 'header')) throw responseInvalid(200);
    started = true;
    if (record.kind === 'end') end = record;
    else if (record.kind !== 'header') counts[record.kind] += 1;
    yield record;
  }
  if (!end || end.users !== counts.user || end.groups !== counts.group || end.memberships !== counts.membership) {
    throw snapshotIncomplete();
  }
}

function snapshotIncomplete(cause?: unknown): RollcallError {
  const message = 'The snapshot broke off before its end: throw away what arrived and take it again.';
  return new ConnectionError({ status: 0, code: 'snapshot_incomplete', message, cause });
}

/** Every line that was ended; what stands after the last line break was cut. */
async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest: string | undefined;
  try {
    for await (const chunk of chunks) {
      const lines = ((rest ?? '') + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    const isCut = rest !== undefined && error instanceof RollcallError && error.code === 'connection_failed';
    throw isCut ? snapshotIncomplete(error) : error;
  }
}

const KINDS: readonly unknown[] = ['header', 'user', 'group', 'membership', 'end'] satisfies SnapshotRecord['kind'][];

function parseRecord(line: string): SnapshotRecord {
  try {
    const record = JSON.parse(line) as Partial<SnapshotRecord> | null;
    if (KINDS.includes(record?.kind)) return record as SnapshotRecord;
  } catch {
    // No JSON is no record either.
  }
  throw responseInvalid(200);
}
