import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { CLAIM_RULES } from '@rollcall/webhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPool, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { buildDirectory, buildEndpoint } from '@rollcall/test-builders';
import { watchPlans } from '../../../database/src/testing/watch-plans';
import type { PlanWatch } from '../../../database/src/testing/watch-plans';
import { claimDeliveries } from './claim-deliveries';
import type { EndpointKey } from './endpoint-key';

let database: TestDatabase;
let plans: PlanWatch;
let key: EndpointKey;
let directoryId: string;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  plans = await watchPlans(database, 'force_generic_plan');
  const directory = await buildDirectory(database.ownerUrl);
  ({ directoryId } = directory);
  key = await buildEndpoint(plans.app, directory);
});

afterAll(async () => {
  await plans.end();
  await database.drop();
});

/** Deliveries of one directory, each of another user; the first `leased` are on the way. */
async function store(state: 'succeeded' | 'pending', count: number, leased = 0): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  await tenantTransaction(plans.app, key, (manager) =>
    manager.query(
      `INSERT INTO deliveries (environment_id, endpoint_id, directory_id, id, event_id, event_type, sequence, resource_id, state,
         next_attempt_time, body, claimed_until)
       SELECT $1, $2, $3, d.id, d.id, 'organization.directory.user_created', d.n, d.id, $4, now(), '{}',
         CASE WHEN d.n <= $5 THEN now() + interval '1 minute' END
       FROM unnest($6::text[], $7::bigint[]) AS d (id, n)`,
      [key.environmentId, key.endpointId, directoryId, state, leased, numbers.map(() => newId()), numbers],
    ),
  );
}

async function analyze(): Promise<void> {
  const admin = createPool({ url: database.adminUrl, poolSize: 1, onError: () => undefined });
  await admin.query('ANALYZE deliveries');
  await admin.end();
}

async function claim(app: DataSource, limit: number): Promise<number> {
  const options = {
    ordering: 'resource' as const,
    enabledTime: null,
    limit,
    of: 'events' as const,
    afterDirectoryId: '',
  };
  const claimed = await tenantTransaction(app, key, (manager) =>
    claimDeliveries(manager, key, { ...options, rules: CLAIM_RULES }),
  );
  return claimed.length;
}

it('reads a backlog no further than it leases, also when statistics and plans are of a time when nothing was pending', async () => {
  await store('succeeded', 3_000);
  await analyze();
  expect(await claim(plans.app, 30)).toBe(0);
  await store('pending', 1_000, 500);
  const { rows } = await plans.watch(async () => expect(await claim(plans.app, 30)).toBe(30));
  expect(rows).toBeLessThan(2_000);
});
