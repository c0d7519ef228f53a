import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll } from 'vitest';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';

/** A data source of one connection to an empty database, for the tests of a suite. */
export function useConnection(): { readonly app: DataSource } {
  let database: TestDatabase;
  let app: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await createDataSource({ url: database.appUrl, poolSize: 1 }).initialize();
  });

  afterAll(async () => {
    await app?.destroy();
    await database?.drop();
  });

  return {
    get app() {
      return app;
    },
  };
}
