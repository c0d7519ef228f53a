import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { migrateDatabase } from './migrate-database';
import { readFunctions } from './read-functions';

/** What each function of the maintenance finds to do in the database below. */
const CHORES: Record<string, { statement: string; finds: unknown }> = {
  ensure_log_partitions: {
    statement: `SELECT ensure_log_partitions('4 weeks'), to_regclass('public.events_' || to_char(
      date_trunc('week', now() + interval '1 week', 'UTC') AT TIME ZONE 'UTC', 'YYYYMMDD')) IS NOT NULL AS found`,
    finds: [{ ensure_log_partitions: '', found: true }],
  },
  ensure_audit_partitions: {
    statement: `SELECT ensure_audit_partitions('3 months'), to_regclass('public.audit_log_' || to_char(
      (now() AT TIME ZONE 'UTC') + interval '1 month', 'YYYYMM')) IS NOT NULL AS found`,
    finds: [{ ensure_audit_partitions: '', found: true }],
  },
  drop_log_partitions: {
    statement: `SELECT name FROM drop_log_partitions(now() - interval '30 days') AS name ORDER BY name COLLATE "C"`,
    finds: ['deliveries', 'delivery_attempts', 'events', 'scim_request_keys', 'scim_request_packs'].map((table) => ({
      name: `${table}_20200106`,
    })),
  },
  drop_audit_partitions: {
    statement: 'SELECT name FROM drop_audit_partitions(30) AS name',
    finds: [{ name: 'audit_log_202001' }],
  },
  delete_expired_rows: {
    statement: 'SELECT * FROM delete_expired_rows(1, NULL, 100, 10)',
    finds: [{ deleted: '4', next_after: null }],
  },
  clear_old_answers: { statement: 'SELECT clear_old_answers(1, 100) AS cleared', finds: [{ cleared: '1' }] },
  refresh_statistics: {
    statement: 'SELECT name FROM refresh_statistics() AS name',
    finds: [{ name: 'published_users' }],
  },
  delete_old_idempotency_keys: {
    statement: 'SELECT delete_old_idempotency_keys(24, 2, 100) AS deleted',
    finds: [{ deleted: '2' }],
  },
  delete_old_mails: { statement: 'SELECT delete_old_mails(1, 100) AS deleted', finds: [{ deleted: '1' }] },
  delete_old_traffic: {
    statement: 'SELECT delete_old_traffic(now(), now(), 100) AS deleted',
    finds: [{ deleted: '1' }],
  },
};

/** A server's configuration, or its statistics, may lead to any of them. */
const PLANS = [
  'enable_seqscan = on, enable_nestloop = off',
  'enable_seqscan = off, enable_nestloop = off',
  'enable_seqscan = on, enable_hashjoin = off, enable_mergejoin = off, enable_indexscan = off, enable_bitmapscan = off',
  'enable_seqscan = on, enable_nestloop = off, enable_hashjoin = off, enable_indexscan = off',
  'enable_seqscan = off',
];

let database: TestDatabase;
let app: DataSource;
let owner: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 1 }).initialize();
  owner = await createDataSource({ url: database.ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
  await fill();
  // The server itself would take statistics of what has grown, now and then just before the chore.
  await owner.query('ALTER TABLE published_users SET (autovacuum_enabled = off)');
});

afterAll(async () => {
  await Promise.all([app?.destroy(), owner?.destroy()]);
  await database?.drop();
});

/** One of each thing that is too old, and partitions of long ago. */
async function fill(): Promise<void> {
  const [{ old } = { old: '' }] = await owner.query<{ old: string }[]>(
    `SELECT ulid_floor(now() - interval '2 days') || '0000000000000000' AS old`,
  );
  await owner.query(`DO $do$ DECLARE log_table text; BEGIN
    FOREACH log_table IN ARRAY ARRAY['events', 'deliveries', 'delivery_attempts', 'scim_request_packs', 'scim_request_keys'] LOOP
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', log_table || '_20200106', log_table,
        ulid_floor('2020-01-06Z'), ulid_floor('2020-01-13Z'));
    END LOOP;
    EXECUTE format('CREATE TABLE audit_log_202001 PARTITION OF audit_log FOR VALUES FROM (%L) TO (%L)',
      ulid_floor('2020-01-01Z'), ulid_floor('2020-02-01Z'));
  END $do$`);
  await owner.query(
    `INSERT INTO events (directory_id, environment_id, organization_id, id, sequence, type, resource_id, occurred_at, body)
     VALUES ('d', 'e', 'o', $1, 1, 't', 'r', now(), '{}')`,
    [old],
  );
  await owner.query(
    `INSERT INTO deliveries (directory_id, id, environment_id, endpoint_id, event_id, event_type, resource_id, state, next_attempt_time)
     VALUES ('d', $1, 'e', 'p', $1, 't', 'r', 'succeeded', now())`,
    [old],
  );
  await owner.query(
    `INSERT INTO delivery_attempts (directory_id, delivery_id, attempt, environment_id, endpoint_id, start_time, status, response_body)
     VALUES ('d', $1, 1, 'e', 'p', now() - interval '2 days', 200, 'answer')`,
    [old],
  );
  await owner.query(
    `INSERT INTO scim_request_packs (directory_id, id, first_id, count, has_failures, entries) VALUES ('d', $1, $1, 1, false, '[]')`,
    [old],
  );
  const environmentId = newId();
  await owner.query(`INSERT INTO environments (id, name) VALUES ($1, 'Acme')`, [environmentId]);
  await owner.query(
    `INSERT INTO mails (environment_id, id, kind, address_hash, state, create_time, expire_time)
     VALUES ($1, $2, 'test', '', 'sent', now() - interval '2 days', now())`,
    [environmentId, newId()],
  );
  // The last one is too old, the one before it beyond the newest two.
  await owner.query(
    `INSERT INTO idempotency_keys (environment_id, key_hash, request_hash, claim, claimed_until, create_time)
     SELECT $1, hours, '', '', now(), now() - hours * interval '1 hour' FROM unnest('{1, 2, 3, 25}'::int[]) AS hours`,
    [environmentId],
  );
  await owner.query(
    `INSERT INTO traffic (environment_id, resolution, start_time, changes, latencies)
     VALUES ($1, 'minute', now() - interval '1 day', 1, '{}')`,
    [environmentId],
  );
}

/** What a chore finds under a plan; everything is undone. */
async function runUnder(plan: string, statement: string): Promise<unknown> {
  const runner = app.createQueryRunner();
  await runner.startTransaction();
  try {
    for (const setting of plan.split(', ')) await runner.query(`SET LOCAL ${setting}`);
    return await runner.query(statement);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

describe.each(PLANS)('with %s', (plan) => {
  // Statistics that were taken stay although their transaction is undone.
  beforeAll(async () => {
    await owner.query('TRUNCATE published_users');
    await owner.query(`INSERT INTO published_users (directory_id, id, sequence, data)
      SELECT 'd', n::text, n, repeat('x', 500) FROM generate_series(1, 2000) AS n`);
  });

  it.each(Object.entries(CHORES))('%s does the same', async (_name, { statement, finds }) => {
    expect(await runUnder(plan, statement)).toEqual(finds);
  });
});

it('every function that keeps tables in order is among them', () => {
  const named = [...readFunctions().keys()].filter((name) =>
    /^(ensure|drop)_.*_partitions$|^(delete_old|delete_expired|clear_old|refresh)_/.test(name),
  );
  expect(named.toSorted()).toEqual(Object.keys(CHORES).toSorted());
});
