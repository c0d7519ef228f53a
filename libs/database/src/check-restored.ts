import type { DataSource } from 'typeorm';
import { AppError } from '@rollcall/platform';
import { BEING_RESTORED } from './server-identity';

/**
 * Refuses a database that was restored to a server whose transaction ids are below those that its events are stored with: the feed
 * and replays would leave out what is above them. Refuses also one whose restore has not come to its end. Takes a connection of any role. Throws AppError `database_restored`.
 */
export async function checkRestored(dataSource: DataSource): Promise<void> {
  const [row] = await dataSource.query<{ unfinished: boolean | null; behind: boolean | null }[]>(
    `SELECT (SELECT system_identifier = $1 FROM installation) AS unfinished,
       find_newest_transaction() >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
         + coalesce((SELECT transaction_offset FROM installation), 0) AS behind`,
    [BEING_RESTORED],
  );
  if (row?.unfinished) {
    throw restored(
      'A restore of this database has not come to its end: wait for it, or run "npm run rollcall -- after-restore" with DATABASE_OWNER_URL if it was cut off.',
    );
  }
  if (row?.behind) {
    throw restored(
      'This database was restored to another PostgreSQL server, on which its events would be shown in part: run "npm run rollcall -- after-restore" with DATABASE_OWNER_URL.',
    );
  }
}

function restored(message: string): AppError {
  return new AppError({ kind: 'unavailable', code: 'database_restored', message });
}
