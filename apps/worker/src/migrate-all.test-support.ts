import { APP_ROLE, createPool, migrateDatabase } from '@rollcall/database';
import { migrateQueueSchema } from '@rollcall/queue';

/** Brings a test's database to the newest schema, with the tables of a queue in it. */
export async function migrateAll({ ownerUrl }: { ownerUrl: string }): Promise<void> {
  await migrateDatabase({ ownerUrl });
  const pool = createPool({ url: ownerUrl, poolSize: 1, onError: () => undefined });
  const client = await pool.connect();
  await migrateQueueSchema(client, { appRole: APP_ROLE });
  client.release();
  await pool.end();
}
