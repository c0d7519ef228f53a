import type { Pool } from 'pg';
import { callFunction } from '@rollcall/database';
import { packRequests } from '@rollcall/directory';
import type { RecordedRequest, RequestPack } from '@rollcall/directory';

interface RecordedRow {
  directory_id: string;
  keeps_bodies: boolean;
  erased: string[] | null;
}

/**
 * Writes requests of several directories in one statement, but for those about users who were erased while these requests waited.
 * Returns of each directory that there is whether it keeps bodies whole.
 */
export async function recordRequests(pool: Pool, requests: readonly RecordedRequest[]): Promise<Map<string, boolean>> {
  const keepsBodies = new Map<string, boolean>();
  for (let left = requests; left.length > 0;) {
    const rows = await recordPacks(pool, packRequests(left));
    const erased = new Map<string, readonly string[]>();
    for (const row of rows) {
      keepsBodies.set(row.directory_id, row.keeps_bodies);
      if (row.erased) erased.set(row.directory_id, row.erased);
    }
    left = left.filter(({ directory_id, resource_id }) => {
      const gone = erased.get(directory_id);
      return gone && !(resource_id !== null && gone.includes(resource_id));
    });
  }
  return keepsBodies;
}

function recordPacks(pool: Pool, packs: readonly RequestPack[]): Promise<RecordedRow[]> {
  const of = <T>(read: (pack: RequestPack) => T): T[] => packs.map(read);
  const numbered = (read: (pack: RequestPack) => string[]): [number[], string[]] => {
    const all = packs.flatMap((pack, index) => read(pack).map((key) => [index + 1, key] as const));
    return [all.map(([number]) => number), all.map(([, key]) => key)];
  };
  return callFunction<RecordedRow & Record<string, unknown>>(pool, 'record_request_packs', [
    of(({ directoryId }) => directoryId),
    of(({ id }) => id),
    of(({ firstId }) => firstId),
    of(({ count }) => count),
    of(({ hasFailures }) => hasFailures),
    of(({ whole }) => whole),
    of(({ entries }) => entries),
    of(({ bodies }) => bodies),
    ...numbered(({ keys }) => keys),
    ...numbered(({ resourceIds }) => resourceIds),
  ]);
}
