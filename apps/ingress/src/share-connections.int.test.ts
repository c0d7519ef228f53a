import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { pathOf, startApi } from './management/testing/start-api';
import type { ScimClient, TestApi } from './management/testing/start-api';

let suite: TestApi;
/** Looks at what waits; `holder` makes it wait. */
let admin: Client;
let holder: Client;

beforeAll(async () => {
  suite = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  [admin, holder] = [0, 1].map(() => new Client({ connectionString: suite.database.adminUrl })) as [Client, Client];
  await Promise.all([admin.connect(), holder.connect()]);
});

afterAll(async () => {
  await Promise.all([admin.end(), holder.end()]);
  await suite.stop();
});

/** How many statements wait for a lock of ours. */
async function countHeld(): Promise<number> {
  const { rows } = await admin.query<{ held: string }>(
    `SELECT count(*) AS held FROM pg_stat_activity
     WHERE wait_event_type = 'Lock' AND application_name LIKE 'rollcall-ingress%' AND datname = current_database()`,
  );
  return Number(rows[0]?.held ?? 0);
}

/** The status and Retry-After of a SCIM search. */
async function search({ token }: ScimClient, url: string, filter: string) {
  const response = await fetch(`${url}/Users?filter=${encodeURIComponent(filter)}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const body = (await response.json()) as { status?: string; detail?: string };
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body };
}

async function expectServed(scim: ScimClient): Promise<void> {
  const ready = await fetch(`${suite.ingress.baseUrl}/readyz`);
  expect(ready.status).toBe(200);
  expect((await scim.call('GET', '/Users')).status).toBe(200);
  expect((await scim.call('POST', '/Users', { userName: crypto.randomUUID() })).status).toBe(201);
  expect((await scim.call('POST', '/Groups', { displayName: crypto.randomUUID() })).status).toBe(201);
  expect((await scim.call('GET', '/Groups?filter=displayName%20co%20%22x%22')).status).toBe(200);
  for (const api of [suite.api, suite.foreign]) expect((await api.call('GET', '/organizations')).status).toBe(200);
}

it('answers everybody else while one directory searches as much as it can', async () => {
  const [directory, other] = [await suite.newDirectory(), await suite.newDirectory()];
  const [scim, otherScim] = [await suite.newScim(directory), await suite.newScim(other)];
  await scim.call('POST', '/Users', { userName: 'somebody' });
  // A search of this directory takes until it is told to end.
  await admin.query(`CREATE OR REPLACE FUNCTION scim_groups_of(p_directory_id text, p_member_id text)
    RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
    BEGIN
      IF p_directory_id = '${directory.id.slice(4)}' THEN PERFORM pg_advisory_xact_lock_shared(1); END IF;
      RETURN NULL;
    END $$`);
  await holder.query('SELECT pg_advisory_lock(1)');
  const url = `${suite.ingress.baseUrl}/scim/${directory.id.slice(4)}/v2`;
  const searches = Array.from({ length: 14 }, () => search(scim, url, 'groups.display co "z"'));
  await waitUntil(async () => (await countHeld()) === 1, { what: 'one search at a time' });
  await expectServed(otherScim);
  expect(await countHeld()).toBe(1);
  await holder.query('SELECT pg_advisory_unlock(1)');
  const refused = (await Promise.all(searches)).filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(8);
  for (const { retryAfter, body } of refused) {
    expect(retryAfter).toMatch(/^[1-9]\d*$/);
    expect(body).toMatchObject({ status: '429', detail: expect.stringContaining('fewer at a time') });
  }
});

it('answers everybody else while one environment lists as much as it can', async () => {
  const directory = await suite.newDirectory();
  const otherScim = await suite.newScim(await suite.newDirectory());
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE published_users IN ACCESS EXCLUSIVE MODE');
  const lists = Array.from({ length: 30 }, () => suite.api.call('GET', `${pathOf(directory)}/users?page_size=100`));
  await waitUntil(async () => (await countHeld()) === 2, { what: 'two lists at a time' });
  await expectServed(otherScim);
  expect((await suite.api.call('GET', '/events')).status).not.toBe(503);
  await holder.query('ROLLBACK');
  const statuses = (await Promise.all(lists)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(8);
});
