import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import { buildDirectory } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { watchPlans } from '../../../database/src/testing/watch-plans';
import type { PlanMode, PlanWatch } from '../../../database/src/testing/watch-plans';
import { SCANNED } from '../paging/read-scan';
import { findPerson } from '../people/find-person';
import { findRequest } from './find-request';
import { listRequests } from './list-requests';
import type { RequestFilter } from './list-requests';

const REQUESTS = 100_000;
/** Requests about one user, and those that were refused. */
const RARE = 20;

let database: TestDatabase;
let directory: BuiltDirectory;
const userId = newId();

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  directory = await buildDirectory(database.ownerUrl);
  const admin = await createDataSource({ url: database.adminUrl, poolSize: 1 }).initialize();
  await admin.query(
    `INSERT INTO scim_requests (directory_id, id, method, path, status, outcome, duration_ms, resource_id, user_name_key)
     SELECT $1, ulid_floor(now() - n * interval '1 second') || lpad(n::text, 16, '0'), 'GET', '/Users',
       CASE WHEN n % $4 = 0 THEN 409 ELSE 200 END, CASE WHEN n % $4 = 0 THEN 'refused' ELSE 'read' END, 1,
       CASE WHEN n % $4 = 0 THEN $3 END, CASE WHEN n % $4 = 0 THEN 'ann' ELSE 'u' || n END
     FROM generate_series(1, $2::integer) AS n`,
    [directory.directoryId, REQUESTS, userId, REQUESTS / RARE],
  );
  await admin.query('ANALYZE scim_requests');
  await admin.destroy();
});

afterAll(() => database.drop());

describe.each<PlanMode>(['force_custom_plan', 'force_generic_plan'])(`with ${REQUESTS} requests (%s)`, (mode) => {
  let plans: PlanWatch;

  beforeAll(async () => {
    plans = await watchPlans(database, mode);
  });

  afterAll(() => plans.end());

  it.each<[string, RequestFilter]>([
    ['all', {}],
    ['those that were refused', { outcome: 'refused' }],
    ['those about one user', { resourceId: userId }],
    ['those about one name', { userName: 'Ann' }],
  ])('reads of %s no more than the page', async (_, filter) => {
    const work = await plans.watch(() => listRequests(plans.app, directory, filter, { size: 50 }));
    expect(work.scanned).toEqual([]);
    expect(work.rows).toBeLessThan(1_000);
  });

  it('looks at so many for a page of what is rare, and goes on from there', async () => {
    let found = 0;
    let pages = 0;
    let cursor: Parameters<typeof listRequests>[3]['cursor'];
    do {
      const work = await plans.watch(async () => {
        const page = await listRequests(plans.app, directory, { status: 409 }, { size: 50, cursor });
        found += page.rows.length;
        cursor = page.next ?? undefined;
      });
      expect(work.rows).toBeLessThan(50_000);
      pages += 1;
    } while (cursor);
    expect([found, pages]).toEqual([RARE, REQUESTS / SCANNED + 1]);
  });

  it('finds one of them, and a person, without looking at the others', async () => {
    const { rows } = await listRequests(plans.app, directory, { resourceId: userId }, { size: 1 });
    const work = await plans.watch(async () => {
      await findRequest(plans.app, directory, rows[0]?.id ?? '');
      await findPerson(plans.app, directory, 'ann');
    });
    expect(work.scanned).toEqual([]);
    expect(work.rows).toBeLessThan(1_000);
  });
});
