import type { Pool } from 'pg';
import { callFunction } from '@rollcall/database';
import { keysOf, packRequests } from '@rollcall/directory';
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
    left = left.filter((request) => {
      const gone = erased.get(request.directory_id);
      return gone && !keysOf(request).some((key) => gone.includes(key));
    });
  }
  return keepsBodies;
}

function recordPacks(pool: Pool, packs: readonly RequestPack[]): Promise<RecordedRow[]> {
  const of = <T>(read: (pack: RequestPack) => T): T[] => packs.map(read);
  // JSON has no line break in it, and nothing of so long a text has to be escaped.
  const lines = (read: (pack: RequestPack) => string): string => of(read).join('\n');
  return callFunction<RecordedRow & Record<string, unknown>>(pool, 'record_request_packs', [
    of(({ directoryId }) => directoryId),
    of(({ id }) => id),
    of(({ firstId }) => firstId),
    of(({ count }) => count),
    of(({ hasFailures }) => hasFailures),
    of(({ whole }) => whole),
    lines(({ entries }) => entries),
    lines(({ bodies }) => bodies),
    JSON.stringify(of(({ keys }) => keys)),
  ]);
}
