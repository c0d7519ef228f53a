import { Client } from 'pg';
import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { buildDirectory, buildEndpoint } from '@rollcall/test-builders';
import type { EndpointKey } from './endpoint-key';
import { exchangeInOneStatement, exchangeStepByStep } from './exchange-deliveries';
import { ENDPOINT_GATES } from './lock-endpoint';
import type { EndpointGate } from './lock-endpoint';

let database: TestDatabase;
let app: DataSource;
let environmentId: string;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 2 }).initialize();
  ({ environmentId } = await buildDirectory(database.ownerUrl));
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

const OPTIONS = { finished: [], slots: 10, inFlightMax: 10 };

/** What puts each gate up, and how many of two waiting events may then leave at once. */
const CASES: Record<EndpointGate, { sql: string; leaves: number }> = {
  disabled: { sql: 'UPDATE webhook_endpoints SET enabled = false WHERE environment_id = $1 AND id = $2', leaves: 0 },
  rate_limited: { sql: 'UPDATE webhook_endpoints SET rate_limit = 1 WHERE environment_id = $1 AND id = $2', leaves: 1 },
  dialect: {
    sql: `UPDATE webhook_endpoints SET dialect = 'workos' WHERE environment_id = $1 AND id = $2`,
    leaves: 2,
  },
  cooling: {
    sql: `UPDATE webhook_endpoint_health SET cooling_until = now() + interval '1 minute',
            health = jsonb_build_object('coolingUntil', extract(epoch FROM now() + interval '1 minute') * 1000)
          WHERE environment_id = $1 AND endpoint_id = $2`,
    leaves: 0,
  },
  replaying: {
    sql: `INSERT INTO replays (environment_id, endpoint_id, id, state, types, failed_only, snapshot, events_expired, total)
          VALUES ($1, $2, $2, 'running', '{}', false, pg_current_snapshot(), false, 0)`,
    leaves: 2,
  },
  testing: {
    sql: `UPDATE deliveries SET test = true WHERE id = (
            SELECT min(id) FROM deliveries WHERE environment_id = $1 AND endpoint_id = $2)`,
    leaves: 2,
  },
};

/** An endpoint for which two events wait. */
async function seedEndpoint(sql?: string): Promise<EndpointKey> {
  const key = await buildEndpoint(app, { environmentId });
  const ids = [environmentId, key.endpointId];
  await tenantTransaction(app, { environmentId }, async (manager) => {
    for (const id of [newId(), newId()]) {
      await manager.query(
        `INSERT INTO deliveries (environment_id, endpoint_id, directory_id, id, event_id, event_type, resource_id, state,
           next_attempt_time, body)
         VALUES ($1, $2, '', $3, $3, 'secret.expiring', '', 'pending', now(), '{}')`,
        [...ids, id],
      );
    }
    if (sql) await manager.query(sql, ids);
  });
  return key;
}

describe('an endpoint with nothing in the way', () => {
  it('is served in one statement', async () => {
    const exchange = await exchangeInOneStatement(app, await seedEndpoint(), OPTIONS);
    expect(exchange?.claimed).toHaveLength(2);
  });
});

describe.each(Object.keys(ENDPOINT_GATES) as EndpointGate[])('an endpoint that is %s', (gate) => {
  it('is left to the exchange that weighs it', async () => {
    const key = await seedEndpoint(CASES[gate].sql);
    expect(await exchangeInOneStatement(app, key, OPTIONS)).toBeNull();
    const { claimed, endpoint, replaying } = await exchangeStepByStep(app, key, OPTIONS);
    expect(claimed).toHaveLength(CASES[gate].leaves);
    expect(endpoint === null).toBe(ENDPOINT_GATES[gate] === 'closed');
    expect(replaying).toBe(gate === 'replaying');
  });
});

describe('a gate that is added to the database', () => {
  it('keeps an endpoint closed to both exchanges', async () => {
    const key = await seedEndpoint();
    const owner = new Client(database.ownerUrl);
    await owner.connect();
    const [{ definition }] = (await owner.query(`SELECT pg_get_functiondef('endpoint_gates'::regproc) AS definition`))
      .rows as [{ definition: string }];
    await owner.query(definition.replace('array_remove(ARRAY[', `array_remove(ARRAY['suspended', `));
    expect(await exchangeInOneStatement(app, key, OPTIONS)).toBeNull();
    expect(await exchangeStepByStep(app, key, OPTIONS)).toMatchObject({ endpoint: null, claimed: [] });
    await owner.query(definition);
    expect((await exchangeInOneStatement(app, key, OPTIONS))?.claimed).toHaveLength(2);
    await owner.end();
  });
});
