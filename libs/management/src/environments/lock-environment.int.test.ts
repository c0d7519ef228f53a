import { createTestDatabase, waitUntil } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import type { DataSource, EntityManager } from '@rollcall/database';
import { newId } from '@rollcall/platform';
import { buildDirectory } from '@rollcall/test-builders';
import { createApiClient } from '../api-clients/create-api-client';
import { asOperator } from '../audit/record-change';
import { inviteMember } from '../members/invite-member';
import { findPortalSettings } from '../portal-settings/find-portal-settings';
import { setPortalSettings } from '../portal-settings/set-portal-settings';
import { setRequestLog } from '../requests/set-request-log';
import { createWebhookEndpoint } from '../webhooks/create-webhook-endpoint';
import { findEnvironmentLimits, setEnvironmentLimits } from './set-limits';

let database: TestDatabase;
let app: DataSource;
let admin: DataSource;
let environmentId: string;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 6 }).initialize();
  admin = await createDataSource({ url: database.adminUrl, poolSize: 6 }).initialize();
});

afterAll(async () => {
  await Promise.all([app?.destroy(), admin?.destroy()]);
  await database.drop();
});

beforeEach(async () => {
  environmentId = (await buildDirectory(database.ownerUrl)).environmentId;
});

const addEndpoint = () => {
  const id = newId();
  const filters = { eventTypes: [], organizationIds: [] };
  const form = { dialect: null, deactivation: null };
  const rules = { description: '', ...filters, ...form, ordering: 'none' as const, rateLimit: null };
  const tools = { sealer: { seal: (text: string) => text }, checkTarget: () => Promise.resolve() };
  const endpoint = { id, url: 'https://app.test/hook', enabled: true, ...rules };
  return createWebhookEndpoint(asOperator(app), tools, environmentId, endpoint);
};

const CHANGES: Record<string, () => Promise<unknown>> = {
  'its limits': () => setEnvironmentLimits(asOperator(admin), environmentId, { burst_seconds: 7 }),
  'what its request log keeps': () => setRequestLog(asOperator(app), environmentId, { keepBodies: true }),
  'how its portal is set up': async () => {
    const settings = await findPortalSettings(app, environmentId);
    return setPortalSettings(asOperator(app), environmentId, { ...settings, displayName: 'Acme' });
  },
  'its members': () =>
    inviteMember(asOperator(app), environmentId, { id: newId(), email: null, role: 'admin', tokenHash: newId() }),
  'its API clients': () =>
    createApiClient(asOperator(app), { hashGenerated: (secret) => secret }, environmentId, {
      name: 'CI',
      scopes: ['read'],
      organizationId: null,
    }),
  'its webhook endpoints': addEndpoint,
};

it.each(Object.entries(CHANGES))(
  'a change of %s holds up nothing that is written of the environment',
  async (_, change) => {
    const [changed] = await startAtOnce([change], () => admin.transaction(insertOrganization));
    expect(changed).toMatchObject({ status: 'fulfilled' });
  },
);

it('of two changes at once the second sees the first', async () => {
  await startAtOnce([
    () => setEnvironmentLimits(asOperator(admin), environmentId, { burst_seconds: 7 }),
    () => setEnvironmentLimits(asOperator(admin), environmentId, { requests_per_second: 70 }),
  ]);
  expect(await findEnvironmentLimits(admin, environmentId)).toEqual({ burst_seconds: 7, requests_per_second: 70 });
});

it('of two webhook endpoints that are made at once the second counts the first', async () => {
  await admin.query(
    `INSERT INTO webhook_endpoints (environment_id, id, url, ordering)
     SELECT $1, 'endpoint' || n, 'https://app.test', 'none' FROM generate_series(1, 99) AS n`,
    [environmentId],
  );
  const made = await startAtOnce([addEndpoint, addEndpoint]);
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(made.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'too_many_webhook_endpoints' },
  });
});

/** Starts changes that all come as far as they get before one has ended: to its entry in the audit log, or to the lock of another. */
async function startAtOnce(
  changes: readonly (() => Promise<unknown>)[],
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<PromiseSettledResult<unknown>[]> {
  const started: Promise<unknown>[] = [];
  await admin.transaction(async (manager) => {
    await manager.query('LOCK TABLE audit_log IN SHARE MODE');
    started.push(...changes.map((change) => change()));
    const areWaiting = async () => (await admin.query<unknown[]>(WAITING)).length >= changes.length;
    await Promise.race([Promise.all(started), waitUntil(areWaiting, { what: 'the changes waiting' })]);
    await meanwhile();
  });
  return Promise.allSettled(started);
}

async function insertOrganization(manager: EntityManager): Promise<void> {
  await manager.query(`SET LOCAL lock_timeout = '2s'`);
  const values = [environmentId, newId()];
  await manager.query(`INSERT INTO organizations (environment_id, id, display_name) VALUES ($1, $2, 'Acme')`, values);
}

const WAITING = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
