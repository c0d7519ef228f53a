import { reconcile } from '@rollcall/sdk';
import type { RollcallClient } from '@rollcall/sdk';
import { createPgStore } from '@rollcall/sdk/pg';
import type { SqlStore } from '@rollcall/sdk/pg';
import type { Pool } from 'pg';

/** The store, with a table of your own that follows it: both move in one transaction. */
export async function openStore(pool: Pool): Promise<SqlStore> {
  await pool.query('CREATE TABLE IF NOT EXISTS accounts (id text PRIMARY KEY, email text, active boolean NOT NULL)');
  const store = createPgStore(pool, {
    async onChange({ objects }, client) {
      for (const { type, id, data } of objects) {
        if (type !== 'user') continue;
        if (!data) await client.query('UPDATE accounts SET active = false WHERE id = $1', [id]);
        else {
          await client.query(
            `INSERT INTO accounts (id, email, active) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET email = excluded.email, active = excluded.active`,
            [id, data.email, data.active],
          );
        }
      }
    },
  });
  await store.createTables();
  return store;
}

/** At start and once an hour: what every webhook that never came would have said. Throws when a directory could not be brought up to date. */
export async function catchUp(client: RollcallClient, store: SqlStore): Promise<void> {
  const failures: unknown[] = [];
  for await (const { error } of reconcile({ client, store })) if (error) failures.push(error);
  if (failures.length > 0) throw new AggregateError(failures, 'Some directories are as they were.');
}
