import type { Pool } from 'pg';
import { callFunction } from '@rollcall/database';
import { keysOf, withoutRequests } from '@rollcall/directory';
import type { RequestPack } from '@rollcall/directory';

interface RecordedRow {
  directory_id: string;
  keeps_bodies: boolean;
  erased: string[] | null;
}

/**
 * Writes packs of requests of several directories in one statement, but for the requests about users who were erased while these waited.
 * Returns of each directory that there is whether it keeps bodies whole.
 */
export async function recordRequests(pool: Pool, packs: readonly RequestPack[]): Promise<Map<string, boolean>> {
  const keepsBodies = new Map<string, boolean>();
  for (let left = packs; left.length > 0;) {
    const rows = await storePacks(pool, left);
    const erased = new Map<string, readonly string[]>();
    for (const row of rows) {
      keepsBodies.set(row.directory_id, row.keeps_bodies);
      if (row.erased) erased.set(row.directory_id, row.erased);
    }
    left = left.flatMap((pack) => {
      const gone = erased.get(pack.directoryId);
      return (gone && withoutRequests(pack, (entry) => keysOf(entry).some((key) => gone.includes(key)))) ?? [];
    });
  }
  return keepsBodies;
}

function storePacks(pool: Pool, packs: readonly RequestPack[]): Promise<RecordedRow[]> {
  const of = <T>(read: (pack: RequestPack) => T): T[] => packs.map(read);
  return callFunction<RecordedRow & Record<string, unknown>>(pool, 'store_request_packs', [
    of(({ directoryId }) => directoryId),
    of(({ id }) => id),
    of(({ firstId }) => firstId),
    of(({ count }) => count),
    of(({ hasFailures }) => hasFailures),
    of(({ whole }) => whole),
    // JSON has no line break in it, and nothing of so long a text has to be escaped.
    joinLines(of(({ entries }) => entries)),
    of(({ bodies }) => bodies ?? '').join('\n'),
    of(({ deflatedBodies }) => deflatedBodies),
    packs.flatMap(({ keys }) => keys),
    packs.flatMap(({ keys }, n) => keys.map(() => n + 1)),
  ]);
}

const LINE_BREAK = Buffer.from('\n');

function joinLines(lines: readonly Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((line, n) => (n === 0 ? [line] : [LINE_BREAK, line])));
}
