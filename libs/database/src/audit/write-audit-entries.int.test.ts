import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource } from '../connect-database';
import type { DataSource } from '../connect-database';
import { migrateDatabase } from '../migrate-database';
import { dropOldAuditPartitions, ensureLogPartitions } from '../partitions';
import { sqlState, tenantTransaction } from '../tenant-transaction';
import { OPERATOR, writeAuditEntries } from './write-audit-entries';
import type { AuditEntry } from './write-audit-entries';

let database: TestDatabase;
let owner: DataSource;
let app: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  owner = await createDataSource({ url: database.ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
  app = await createDataSource({ url: database.appUrl }).initialize();
});

afterAll(async () => {
  await Promise.all([owner.destroy(), app.destroy()]);
  await database.drop();
});

const entry: AuditEntry = {
  action: 'organization.created',
  target: { type: 'organization', id: 'org_1', name: 'Acme' },
  organizationId: '1',
  changes: { display_name: { from: null, to: 'Acme' } },
};

function write(environmentId: string, entries: AuditEntry[], tenant = environmentId): Promise<void> {
  return tenantTransaction(app, { environmentId: tenant }, (manager) =>
    writeAuditEntries(manager, environmentId, OPERATOR, entries),
  );
}

function readAll(environmentId: string): Promise<Record<string, unknown>[]> {
  return tenantTransaction(app, { environmentId }, (manager) => manager.query('SELECT * FROM audit_log ORDER BY id'));
}

it('is read by its own tenant only, and written for nobody else', async () => {
  await write('mine', [entry, { ...entry, action: 'organization.deleted' }]);
  await write('other', [entry]);
  const rows = await readAll('mine');
  expect(rows.map(({ action }) => action)).toEqual(['organization.created', 'organization.deleted']);
  expect(rows[0]).toMatchObject({
    environment_id: 'mine',
    actor_type: 'operator',
    target_type: 'organization',
    target_id: 'org_1',
    target_name: 'Acme',
    organization_id: '1',
    ip_address: null,
    changes: { display_name: { from: null, to: 'Acme' } },
  });
  await expect(write('other', [entry], 'mine')).rejects.toThrow(/row-level security/);
});

it.each([
  'UPDATE audit_log SET actor_name = null',
  'DELETE FROM audit_log',
  'TRUNCATE audit_log',
  'DROP TABLE audit_log',
])('does not let the runtime role %s', async (statement) => {
  await write('kept', [entry]);
  const before = await readAll('kept');
  const state = await tenantTransaction(app, { environmentId: 'kept' }, (manager) => manager.query(statement)).catch(
    (error: unknown) => sqlState(error),
  );
  expect(state).toBe('42501');
  expect(await readAll('kept')).toEqual(before);
});

it('drops months that ended before the retention, and none of the last thirty days whatever is asked', async () => {
  const floors = await owner.query<{ from: string; to: string }[]>(
    `SELECT ulid_floor('2020-01-01Z') AS from, ulid_floor('2020-02-01Z') AS to`,
  );
  await owner.query(
    `CREATE TABLE audit_log_202001 PARTITION OF audit_log FOR VALUES FROM ('${floors[0]?.from}') TO ('${floors[0]?.to}')`,
  );
  const present = await partitions();
  await write('kept', [entry]);
  const before = await readAll('kept');
  expect(await dropOldAuditPartitions(app, 400)).toEqual(['audit_log_202001']);
  expect(await dropOldAuditPartitions(app, -10_000)).toEqual([]);
  expect(await readAll('kept')).toEqual(before);
  await ensureLogPartitions(app);
  expect(await partitions()).toEqual(present.filter((name) => name !== 'audit_log_202001'));
});

it('has room for this month, the one before and three to come', async () => {
  expect((await partitions()).length).toBeGreaterThanOrEqual(5);
});

async function partitions(): Promise<string[]> {
  const rows = await owner.query<{ name: string }[]>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_log'::regclass ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}
