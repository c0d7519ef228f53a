import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { watchPlans } from '../../../database/src/testing/watch-plans';
import type { PlanWatch } from '../../../database/src/testing/watch-plans';
import { listAuditEntries } from './list-audit-entries';
import type { AuditFilter } from './list-audit-entries';

const MONTHS = 13;
const ROWS_OF_MONTH = 8_000;

let database: TestDatabase;
let plans: PlanWatch;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  const owner = await createDataSource({ url: database.adminUrl, poolSize: 1 }).initialize();
  // Two environments; what is rare happened in the oldest month only.
  await owner.query(`DO $$
    DECLARE
      month timestamptz;
    BEGIN
      FOR i IN 0..${MONTHS - 1} LOOP
        month := date_trunc('month', now(), 'UTC') - i * interval '1 month';
        IF to_regclass('audit_log_' || to_char(month AT TIME ZONE 'UTC', 'YYYYMM')) IS NULL THEN
          EXECUTE format('CREATE TABLE %I PARTITION OF audit_log FOR VALUES FROM (%L) TO (%L)',
            'audit_log_' || to_char(month AT TIME ZONE 'UTC', 'YYYYMM'), ulid_floor(month), ulid_floor(month + interval '1 month'));
        END IF;
        INSERT INTO audit_log (environment_id, id, actor_type, actor_id, action, target_type, target_id, organization_id)
        SELECT 'e' || n % 2, ulid_floor(month) || lpad(n::text, 16, '0'), 'api_client', 'client' || n % 7,
          CASE WHEN i = ${MONTHS - 1} AND n < 20 THEN 'role.deleted' ELSE 'organization.updated' END, 'organization',
          CASE WHEN i = ${MONTHS - 1} AND n < 20 THEN 'rare' ELSE 'org_' || n % 500 END, 'o' || n % 500
        FROM generate_series(1, ${ROWS_OF_MONTH}) AS n;
      END LOOP;
    END $$`);
  await owner.query('ANALYZE audit_log');
  await owner.destroy();
  plans = await watchPlans(database, 'force_custom_plan');
});

afterAll(async () => {
  await plans?.end();
  await database.drop();
});

const size = 100;
const page = (filter: AuditFilter) => () => listAuditEntries(plans.app, 'e1', filter, { size });

describe('a page of the audit log', () => {
  it.each<[name: string, filter: AuditFilter, found: number]>([
    ['without a filter', {}, size],
    ['of an organization', { organizationId: 'o77' }, size],
    ['of an actor', { actorId: 'client3' }, size],
    ['of an action that was rare and long ago', { action: 'role.deleted' }, 10],
    ['of an object to which little was done long ago', { targetId: 'rare' }, 10],
    ['of an action that nobody did', { action: 'environment.created' }, 0],
    ['up to a time long ago', { toTime: new Date(Date.now() - 300 * 86_400_000) }, size],
    ['from a time on', { fromTime: new Date(Date.now() - 40 * 86_400_000), action: 'role.deleted' }, 0],
  ])('%s reads its rows through an index', async (_name, filter, found) => {
    await page(filter)();
    const work = await plans.watch(async () => {
      expect((await page(filter)()).rows).toHaveLength(found);
    });
    expect(work.scanned, JSON.stringify(work)).toEqual([]);
    // A row more than a page, and each fetched from index and table.
    expect(work.rows, JSON.stringify(work)).toBeLessThanOrEqual(3 * (size + 1));
    expect(work.blocks, JSON.stringify(work)).toBeLessThanOrEqual(600);
  });
});
