import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { buildDirectory, createGroup, createUser, normalizeForNobody as normalize } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { drainBatch } from '../drain/drain-batch';
import { checkSearchTerms } from './check-search-terms';

let database: TestDatabase;
let app: DataSource;
let directory: BuiltDirectory;
let userId: string;
let groupId: string;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 4 }).initialize();
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

beforeEach(async () => {
  directory = await buildDirectory(database.ownerUrl);
  userId = await createUser(app, directory, 'Ann.Lee@acme.test');
  groupId = await createGroup(app, directory, 'Field Sales', [userId]);
  await drain();
});

function query<Row>(text: string, ...params: unknown[]): Promise<Row[]> {
  return tenantTransaction(app, directory, (manager) => manager.query<Row[]>(text, [directory.directoryId, ...params]));
}

async function drain(): Promise<void> {
  while (await drainBatch(app, directory, normalize));
}

const check = () => checkSearchTerms(app, new AbortController().signal);

/** As if a day had gone by since the first check. */
const letDayPass = () =>
  query(`UPDATE directory_counters SET terms_check_time = terms_check_time - interval '1 day' WHERE directory_id = $1`);

async function termsOf(id: string): Promise<string[]> {
  const rows = await query<{ term: string }>(
    'SELECT term FROM search_terms WHERE directory_id = $1 AND id = $2 ORDER BY term',
    id,
  );
  return rows.map(({ term }) => term);
}

/** What the table held before it had terms. */
async function forgetTerms(): Promise<void> {
  await query('DELETE FROM search_terms WHERE directory_id = $1');
  await query(
    `UPDATE published_users SET terms_sequence = NULL, name_key = '', email_key = '' WHERE directory_id = $1`,
  );
  await query('UPDATE published_groups SET terms_sequence = NULL WHERE directory_id = $1');
}

/** A worker from before there were terms publishes a user or group: it knows of these columns only. */
async function publishAsBefore(table: string, id: string, change: object): Promise<void> {
  await query(
    `UPDATE ${table} SET sequence = sequence + 100, data = (data::jsonb || $3::jsonb)::text WHERE directory_id = $1 AND id = $2`,
    id,
    JSON.stringify(change),
  );
}

describe('what was published before there were terms', () => {
  it('is found and ordered as what is published now', async () => {
    const before = [await termsOf(userId), await termsOf(groupId)];
    const keys = () => query('SELECT name_key, email_key FROM published_users WHERE directory_id = $1');
    const [expected] = await keys();
    expect(before).toEqual([expect.arrayContaining(['ann.lee@acme.test', 'lee']), ['field', 'sales']]);
    await forgetTerms();
    await check();
    expect([await termsOf(userId), await termsOf(groupId)]).toEqual(before);
    expect(await keys()).toEqual([expected]);
  });

  it('gets its terms also by a change that leaves them as they would have been', async () => {
    const before = await termsOf(groupId);
    await forgetTerms();
    await createUser(app, directory, 'bob@acme.test');
    const bobs = await createGroup(app, directory, 'Bobs', [userId]);
    await drain();
    expect(await termsOf(bobs)).toEqual(['bobs']);
    expect(await termsOf(userId)).toEqual(expect.arrayContaining(['ann.lee@acme.test', 'lee']));
    await check();
    expect(await termsOf(groupId)).toEqual(before);
  });
});

describe('what a worker of before publishes while servers are replaced', () => {
  it('is found as soon as the directory is looked at again, which is a day later', async () => {
    await check();
    await publishAsBefore('published_users', userId, { name: 'Beate Berg', preferred_username: 'b@acme.test' });
    await publishAsBefore('published_groups', groupId, { display_name: 'Research' });
    await check();
    expect(await termsOf(groupId)).toEqual(['field', 'sales']);
    await letDayPass();
    await check();
    expect(await termsOf(groupId)).toEqual(['research']);
    expect(await termsOf(userId)).toEqual(expect.arrayContaining(['beate', 'berg']));
    const [keys] = await query('SELECT name_key FROM published_users WHERE directory_id = $1');
    expect(keys).toEqual({ name_key: 'beate berg' });
  });

  it('leaves no terms of whoever it deleted, and touches those of nobody else', async () => {
    await check();
    await query('DELETE FROM published_users WHERE directory_id = $1 AND id = $2', userId);
    await letDayPass();
    await check();
    expect(await termsOf(userId)).toEqual([]);
    expect(await termsOf(groupId)).toEqual(['field', 'sales']);
  });
});

it('looks at a directory twice and then no more, whichever worker does', async () => {
  const left = async () => {
    const [row] = await query<{ terms_checks_left: number }>(
      'SELECT terms_checks_left FROM directory_counters WHERE directory_id = $1',
    );
    return row?.terms_checks_left;
  };
  await Promise.all([check(), check()]);
  expect(await left()).toBe(1);
  await letDayPass();
  await Promise.all([check(), check()]);
  expect(await left()).toBe(0);
  await letDayPass();
  await query(`DELETE FROM search_terms WHERE directory_id = $1`);
  await publishAsBefore('published_groups', groupId, {});
  await check();
  expect(await termsOf(groupId)).toEqual([]);
});
