import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';

/** What an application may send at once is far over what its environment may ask for. */
const RATE = { perSecond: 40, sentAtOnce: 200 };

let test: TestApi;
/** Looks at what waits; `holder` makes it wait. */
let admin: Client;
let holder: Client;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    LIMIT_API_REQUESTS_PER_SECOND: String(RATE.perSecond),
    LIMIT_BURST_SECONDS: '1',
  });
  [admin, holder] = [0, 1].map(() => new Client({ connectionString: test.database.adminUrl })) as [Client, Client];
  await Promise.all([admin.connect(), holder.connect()]);
});

afterAll(async () => {
  await Promise.all([admin?.end(), holder?.end()]);
  await test?.stop();
});

/** An organization of WorkOS', by an id that it had there. */
async function askByOldId(): Promise<{ status: number; message: string }> {
  const response = await fetch(`${test.ingress.baseUrl}/organizations/org_01EHZNVPK3SFK441A1RGBFSHRT`, {
    headers: { authorization: `Bearer ${test.api.accessToken}` },
  });
  const { message } = (await response.json()) as { message: string };
  return { status: response.status, message };
}

/** How many look-ups of old ids wait in the database. */
async function countLookUps(): Promise<number> {
  const { rows } = await admin.query<{ held: number }>(
    `SELECT count(*)::int AS held FROM pg_stat_activity
     WHERE wait_event_type = 'Lock' AND query LIKE '%imported_ids%' AND datname = current_database()`,
  );
  return rows[0]?.held ?? 0;
}

it('looks an old id up in the turn of its environment and within its rate: others are answered, and what is over is refused', async () => {
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE imported_ids IN ACCESS EXCLUSIVE MODE');
  const answered: { status: number; message: string }[] = [];
  const asked = Array.from({ length: RATE.sentAtOnce }, async () => answered.push(await askByOldId()));
  const isOverRate = ({ status, message }: { status: number; message: string }) =>
    status === 429 && message.startsWith('Too many requests of this environment. Send the next one in');
  const refused = () => answered.filter(isOverRate).length;
  await waitUntil(() => refused() > 0, { what: 'refusals of what is over the rate' });
  await waitUntil(async () => (await countLookUps()) > 0, { what: 'a look-up that waits' });
  const { rows } = await admin.query<{ connections: number }>(
    `SELECT count(*)::int AS connections FROM pg_stat_activity
     WHERE application_name LIKE 'rollcall-ingress%' AND datname = current_database()`,
  );
  expect((await test.foreign.call('GET', '/organizations')).status).toBe(200);
  expect(await countLookUps()).toBeLessThan(rows[0]?.connections ?? 0);
  await holder.query('ROLLBACK');
  await Promise.all(asked);
});
