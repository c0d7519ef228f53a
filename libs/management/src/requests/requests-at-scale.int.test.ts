import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, createPool, migrateDatabase } from '@rollcall/database';
import type { RecordedRequest } from '@rollcall/directory';
import { recordRequests } from '@rollcall/scim-store';
import { buildDirectory, buildRequest, packRequests } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { watchPlans } from '../../../database/src/testing/watch-plans';
import type { PlanMode, PlanWatch } from '../../../database/src/testing/watch-plans';
import { findPerson } from '../people/find-person';
import { findRequest } from './find-request';
import { listRequests, REQUESTS_EXAMINED } from './list-requests';
import type { RequestFilter } from './list-requests';

const REQUESTS = 100_000;
/** Requests about one user, and those that were refused. */
const RARE = 20;
const ALONE = 400;

let database: TestDatabase;
let directory: BuiltDirectory;
const userId = newId();

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  directory = await buildDirectory(database.ownerUrl);
  const pool = createPool({ url: database.appUrl, poolSize: 1, applicationName: 'test', onError: () => undefined });
  const now = Date.now();
  const requests = Array.from({ length: REQUESTS }, (_, n) => requestOf(n, now - n * 1_000));
  // The newest came one by one, and each is a pack of its own.
  for (const request of requests.slice(0, ALONE)) await recordRequests(pool, packRequests([request]));
  for (let n = ALONE; n < REQUESTS; n += 5_000) await recordRequests(pool, packRequests(requests.slice(n, n + 5_000)));
  await pool.end();
  const admin = await createDataSource({ url: database.adminUrl, poolSize: 1 }).initialize();
  await admin.query('ANALYZE scim_request_packs, scim_request_keys');
  await admin.destroy();
});

/** A request; one of some thousands is about the user, and was refused. */
function requestOf(n: number, time: number): RecordedRequest {
  const isRare = n % (REQUESTS / RARE) === 0;
  return buildRequest(directory.directoryId, {
    id: newId(time),
    user_name_key: `u${n}`,
    ...(isRare && { status: 409, outcome: 'refused', resource_id: userId, user_name_key: 'ann' }),
  });
}

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
    expect([found, pages]).toEqual([RARE, REQUESTS / REQUESTS_EXAMINED]);
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
