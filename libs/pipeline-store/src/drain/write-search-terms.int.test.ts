import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { buildDirectory, createGroup, createUser, normalizeForNobody as normalize } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { drainBatch } from './drain-batch';

let database: TestDatabase;
let app: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 10 }).initialize();
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

const drain = async (directory: BuiltDirectory) => {
  while (await drainBatch(app, directory, normalize));
};

/** The terms of a resource, and the number of the transaction that wrote them. */
async function termsOf(directory: BuiltDirectory, id: string): Promise<{ term: string; xmin: string }[]> {
  return tenantTransaction(app, directory, (manager) =>
    manager.query('SELECT term, xmin FROM search_terms WHERE directory_id = $1 AND id = $2 ORDER BY term', [
      directory.directoryId,
      id,
    ]),
  );
}

const words = (rows: { term: string }[]) => rows.map(({ term }) => term);

describe('a drained batch', () => {
  it('leaves users and groups to be found as they are published, and by their directory alone', async () => {
    const [mine, other] = [await buildDirectory(database.ownerUrl), await buildDirectory(database.ownerUrl)];
    const userId = await createUser(app, mine, 'Ann.Lee@acme.test');
    const groupId = await createGroup(app, mine, 'Field Sales', []);
    await drain(mine);
    expect(words(await termsOf(mine, userId))).toEqual(expect.arrayContaining(['ann.lee@acme.test', 'lee']));
    expect(words(await termsOf(mine, groupId))).toEqual(['field', 'sales']);
    expect(await termsOf(other, userId)).toEqual([]);
  });

  it('writes nothing of users who are found as before', async () => {
    const directory = await buildDirectory(database.ownerUrl);
    const userId = await createUser(app, directory, 'ann@acme.test');
    await drain(directory);
    const before = await termsOf(directory, userId);
    await createGroup(app, directory, 'Sales', [userId]);
    await drain(directory);
    expect(await termsOf(directory, userId)).toEqual(before);
  });
});
