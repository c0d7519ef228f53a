import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { replayWork } from './replay-work';
import type { ReplayWork } from './replay-work';
import { buildDirectory, seedEvents } from '@rollcall/test-builders';
import type { BuiltDirectory, SeededEvent } from '@rollcall/test-builders';

/** What a test of replays begins with: a directory of its own with 40 events. */
export interface ReplaySetting {
  database: TestDatabase;
  app: DataSource;
  replays: ReplayWork;
  directory: BuiltDirectory;
  events: SeededEvent[];
}

/** Gives a suite a database, and each of its tests a new directory; answers how to look at what is stored of that. */
export function useReplays(begin: (setting: ReplaySetting) => void) {
  let database: TestDatabase;
  let app: DataSource;
  let directory: BuiltDirectory;

  beforeAll(async () => {
    database = await createTestDatabase({ migrate: migrateDatabase });
    app = await createDataSource({ url: database.appUrl, poolSize: 6 }).initialize();
  });

  afterAll(async () => {
    await app.destroy();
    await database.drop();
  });

  beforeEach(async () => {
    directory = await buildDirectory(database.ownerUrl);
    const events = await seedEvents(app, directory, { from: 1, to: 40 });
    begin({ database, app, replays: replayWork(app), directory, events });
  });

  const query = <Row>(sql: string, ...params: unknown[]): Promise<Row[]> =>
    tenantTransaction(app, { environmentId: directory.environmentId }, (manager) => manager.query<Row[]>(sql, params));
  return {
    query,
    statesOf: async (replayId: string): Promise<string[]> => {
      const rows = await query<{ state: string }>(
        'SELECT state FROM deliveries WHERE replay_id = $1 ORDER BY id',
        replayId,
      );
      return rows.map(({ state }) => state);
    },
  };
}
