import type { DataSource } from 'typeorm';
import { AppError } from '@rollcall/platform';

/**
 * Refuses a database that was restored to a server whose transaction ids are below those that its events are stored with: the feed
 * and replays would leave out what is above them. Takes a connection of any role. Throws AppError `database_restored`.
 */
export async function checkRestored(dataSource: DataSource): Promise<void> {
  const [row] = await dataSource.query<{ restored: boolean | null }[]>(
    `SELECT find_newest_transaction() >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
       + coalesce((SELECT transaction_offset FROM installation), 0) AS restored`,
  );
  if (!row?.restored) return;
  throw new AppError({
    kind: 'unavailable',
    code: 'database_restored',
    message:
      'This database was restored to another PostgreSQL server, on which its events would be shown in part: run "npm run rollcall -- after-restore" with DATABASE_OWNER_URL.',
  });
}
