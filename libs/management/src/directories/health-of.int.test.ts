import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { buildDirectory } from '@rollcall/test-builders';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { asOperator } from '../audit/record-change';
import { updateOrganization } from '../organizations/update-organization';
import { setDirectoryEnabled } from './update-directory';

const HOUR = 3_600_000;

let database: TestDatabase;
let app: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 2 }).initialize();
});

afterEach(() => void vi.useRealTimers());

afterAll(async () => {
  await app?.destroy();
  await database.drop();
});

it.each([-HOUR, HOUR])(
  'counts a silence from the switches by the clock of the database, also where that of a server is %d ms off',
  async (off) => {
    const directory = await buildDirectory(database.ownerUrl);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + off });
    await updateOrganization(asOperator(app), directory, { dirSyncEnabled: false });
    await setDirectoryEnabled(asOperator(app), directory, false);
    vi.useRealTimers();
    const [ages] = await tenantTransaction(app, directory, (manager) =>
      manager.query<{ directory: boolean; organization: boolean }[]>(
        `SELECT now() - d.enabled_changed_time BETWEEN '0 s' AND '5 min' AS directory,
           now() - o.dir_sync_changed_time BETWEEN '0 s' AND '5 min' AS organization
         FROM directories d JOIN organizations o ON o.id = d.organization_id WHERE d.id = $1`,
        [directory.directoryId],
      ),
    );
    expect(ages).toEqual({ directory: true, organization: true });
  },
);
