import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { migrateDatabase } from './migrate-database';
import { FoldStoredKeys1790000001090 } from './migrations/1790000001090-fold-stored-keys';

let database: TestDatabase;
let owner: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  owner = await createDataSource({ url: database.ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
});

afterAll(async () => {
  await owner.destroy();
  await database.drop();
});

/** A user as a program before stored it: with keys in lower case. */
async function insertUser(directoryId: string, id: string, name: string, emails: string[] = []): Promise<void> {
  await owner.query(
    `INSERT INTO directory_users (directory_id, id, user_name_key, display_name_key, email_keys, active, created, last_modified, resource)
     VALUES ($1, $2, $3, $3, $4, true, now(), now(), '{}')`,
    [directoryId, id, name.toLowerCase(), emails.map((email) => email.toLowerCase())],
  );
  await owner.query(
    'INSERT INTO directory_user_emails (directory_id, value_key, user_id) SELECT $1, key, $2 FROM unnest($3::text[]) AS key',
    [directoryId, id, emails.map((email) => email.toLowerCase())],
  );
}

describe('stored keys', () => {
  it('are folded by the migration, each once, and none is lost to another', async () => {
    await insertUser('d1', 'ascii', 'Ada', ['Ada@x']);
    await insertUser('d1', 'nfd', 'Jose\u0301', ['JOSE\u0301@x', 'ｊose\u0301@x', 'a@x']);
    await insertUser('d1', 'wide1', 'ｋim');
    await insertUser('d1', 'wide2', 'kｉm');
    await insertUser('d1', 'held', 'zo\u00eb');
    await insertUser('d1', 'late', 'zoe\u0308');
    await insertUser('d2', 'nfd', 'Jose\u0301');
    await owner.query(
      `INSERT INTO directory_groups (directory_id, id, display_name_key, created, last_modified, resource)
       VALUES ('d1', 'g', $1, now(), now(), '{}')`,
      ['ｶﾞ'],
    );
    const runner = owner.createQueryRunner();
    await runner.startTransaction();
    await new FoldStoredKeys1790000001090().up(runner);
    await runner.commitTransaction();
    await runner.release();

    const users = await owner.query<{ name: string }[]>(
      `SELECT directory_id || ' ' || id || ' ' || user_name_key AS name FROM directory_users ORDER BY directory_id, id`,
    );
    expect(users.map(({ name }) => name)).toEqual([
      'd1 ascii ada',
      'd1 held zo\u00eb',
      'd1 late zoe\u0308',
      'd1 nfd jos\u00e9',
      'd1 wide1 kim',
      'd1 wide2 kｉm',
      'd2 nfd jos\u00e9',
    ]);
    const [nfd] = await owner.query<object[]>(
      `SELECT display_name_key, email_keys FROM directory_users WHERE directory_id = 'd1' AND id = 'nfd'`,
    );
    expect(nfd).toEqual({ display_name_key: 'jos\u00e9', email_keys: ['jos\u00e9@x', 'a@x'] });
    const emails = await owner.query<{ value_key: string }[]>(
      `SELECT value_key FROM directory_user_emails WHERE directory_id = 'd1' AND user_id = 'nfd' ORDER BY value_key`,
    );
    expect(emails.map(({ value_key }) => value_key)).toEqual(['a@x', 'jos\u00e9@x']);
    const groups = await owner.query<object[]>(`SELECT display_name_key FROM directory_groups`);
    expect(groups).toEqual([{ display_name_key: 'ガ' }]);
  });
});
