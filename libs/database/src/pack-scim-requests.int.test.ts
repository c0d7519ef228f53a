import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { migrateDatabase } from './migrate-database';
import { PackScimRequests1790000001210 } from './migrations/1790000001210-pack-scim-requests';

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

async function run(direction: 'up' | 'down'): Promise<void> {
  const runner = owner.createQueryRunner();
  await runner.startTransaction();
  await new PackScimRequests1790000001210()[direction](runner);
  await runner.commitTransaction();
  await runner.release();
}

const readLog = () => owner.query<unknown[]>('SELECT * FROM scim_requests ORDER BY directory_id, id');

it('packs the requests that a program before has written, and shows them as they were', async () => {
  await run('down');
  await owner.query(
    `INSERT INTO scim_requests (directory_id, id, method, path, status, outcome, scim_type, duration_ms, resource_id, user_name_key,
       request_body, response_body, not_recorded)
     SELECT 'd' || n % 3, ulid_floor(now() - n * interval '30 ms') || lpad(n::text, 16, '0'), 'POST', '/Users', 200 + n % 300,
       CASE WHEN n % 300 >= 200 THEN 'refused' ELSE 'changed' END, CASE WHEN n % 2 = 0 THEN 'uniqueness' END, n / 8.0, 'r' || n % 40,
       CASE WHEN n % 5 = 0 THEN 'ä"\\' || n END, CASE WHEN n % 2 = 0 THEN '{"a":[1,"ä"]}' END, CASE WHEN n % 3 = 0 THEN '{}' END, n % 2
     FROM generate_series(1, 3000) AS n`,
  );
  const before = await readLog();
  await run('up');
  expect(await readLog()).toEqual(before);
  const [packs] = await owner.query<{ most: number; longest: number }[]>(
    `SELECT max(count)::int AS most, max(extract(epoch FROM ulid_time(id) - ulid_time(first_id)))::int AS longest FROM scim_request_packs`,
  );
  expect(packs?.most).toBeLessThanOrEqual(250);
  expect(packs?.longest).toBeLessThan(60);
  const [found] = await owner.query<{ count: number }[]>(
    `SELECT count(*)::int FROM scim_requests r WHERE EXISTS (
       SELECT 1 FROM scim_request_keys k JOIN scim_request_packs p ON (p.directory_id, p.id) = (k.directory_id, k.pack_id)
       WHERE k.directory_id = r.directory_id AND k.key = hashtextextended(r.directory_id || r.resource_id, 0) AND r.id BETWEEN p.first_id AND p.id)`,
  );
  expect(found).toEqual({ count: 3_000 });
});
