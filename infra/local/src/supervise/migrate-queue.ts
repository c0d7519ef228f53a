import { migrateQueueSchema } from '@rollcall/queue';
import { APP_ROLE, createPool } from '@rollcall/database';

/** Brings the queue's tables up to date, also where Redis is used now: the queue can then be moved by one variable. */
export async function migrateQueue(ownerUrl: string): Promise<void> {
  const pool = createPool({
    url: ownerUrl,
    poolSize: 1,
    applicationName: 'rollcall-migrate',
    onError: () => undefined,
  });
  try {
    const client = await pool.connect();
    try {
      await migrateQueueSchema(client, { appRole: APP_ROLE });
    } finally {
      client.release();
    }
  } finally {
    await pool.end();
  }
}
