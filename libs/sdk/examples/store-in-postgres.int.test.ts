import { Pool } from 'pg';
import { expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { startDirectoryServer } from '../src/sync/directory-server.test-support';
import { EventLog } from '../src/sync/event-log.test-support';
import { keepDirectories } from './keep-directory';
import { catchUp, openStore } from './store-in-postgres';

it('the example of a store in PostgreSQL keeps accounts that follow the directory', async () => {
  const database = await createTestDatabase();
  const pool = new Pool({ connectionString: database.ownerUrl, max: 2 });
  const log = new EventLog();
  const server = await startDirectoryServer(log);
  try {
    const store = await openStore(pool);
    const handle = keepDirectories(server.client, store);
    log.take({ does: 'write_user', user: 1, title: 'Engineer', active: true });
    log.take({ does: 'write_user', user: 2, title: 'Analyst', active: true });
    log.take({ does: 'delete_user', user: 1 });
    log.take({ does: 'write_user', user: 2, title: 'Analyst', active: false });
    for (const event of log.events.toReversed()) await handle(event);
    log.take({ does: 'write_user', user: 3, title: 'Designer', active: true });
    await handle(log.events.at(-1)!);
    expect((await pool.query('SELECT active FROM accounts ORDER BY id')).rows).toEqual([
      { active: false },
      { active: true },
    ]);
    log.take({ does: 'delete_user', user: 3 });
    await catchUp(server.client, store);
    expect((await pool.query('SELECT active FROM accounts WHERE active')).rows).toEqual([]);
  } finally {
    await server.stop();
    await pool.end();
    await database.drop();
  }
});
