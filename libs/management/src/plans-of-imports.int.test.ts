import { importedId } from '@rollcall/directory';
import { newId, publicId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import { buildDirectory, createUser } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { watchPlans } from '../../database/src/testing/watch-plans';
import type { PlanMode, PlanWatch } from '../../database/src/testing/watch-plans';
import { findImported } from './imports/find-imported';
import { findImportedPeople } from './imports/find-imported-people';

const ORGANIZATIONS = 100_000;
const DIRECTORIES = 1_000;
const USER = 'directory_user_01E1JG7J09H96KYP8HM9B0G5SJ';

let database: TestDatabase;
let directory: BuiltDirectory;
let userId: string;
/** What the ids of those that were imported begin with; their numbers follow. */
let prefix: string;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  directory = await buildDirectory(database.ownerUrl);
  const { environmentId, organizationId, directoryId } = directory;
  userId = importedId(directoryId, USER);
  prefix = newId().slice(0, 10);
  const admin = await createDataSource({ url: database.adminUrl, poolSize: 1 }).initialize();
  await admin.query(
    `INSERT INTO organizations (environment_id, id, display_name, external_ids)
     SELECT $1, $2 || lpad(n::text, 16, '0'), 'Acme', jsonb_build_object('workos', 'org_' || n) FROM generate_series(1, $3::integer) n`,
    [environmentId, prefix, ORGANIZATIONS],
  );
  await admin.query(
    `INSERT INTO directories (environment_id, id, organization_id, name, directory_type, directory_provider, external_ids)
     SELECT $1, $2 || lpad(n::text, 16, '0'), $3, 'Okta', 'SCIM', 'OKTA',
       CASE WHEN n <= $4 THEN jsonb_build_object('workos', 'directory_' || n) ELSE '{}' END FROM generate_series(1, 20 * $4::integer) n`,
    [environmentId, prefix, organizationId, DIRECTORIES],
  );
  await admin.query(
    `INSERT INTO imported_ids (environment_id, service, kind, foreign_id, own_id)
     SELECT environment_id, 'workos', 'org', external_ids ->> 'workos', id FROM organizations WHERE external_ids <> '{}'
     UNION ALL
     SELECT environment_id, 'workos', 'dir', external_ids ->> 'workos', id FROM directories WHERE external_ids <> '{}'
     UNION ALL
     SELECT $1, 'workos', 'dir', 'directory_of_the_user', $2`,
    [environmentId, directoryId],
  );
  const created = await createUser(admin, directory, 'ada@acme.test');
  await admin.query('UPDATE directory_users SET id = $1 WHERE id = $2', [userId, created]);
  await admin.query('VACUUM ANALYZE');
  await admin.destroy();
});

afterAll(() => database?.drop());

describe.each<PlanMode>(['force_custom_plan', 'force_generic_plan'])('among what was imported (%s)', (mode) => {
  let plans: PlanWatch;

  beforeAll(async () => {
    plans = await watchPlans(database, mode);
  });

  afterAll(() => plans?.end());

  /** Asserts that no growing table is read whole, and no more is touched than is told. */
  async function expectWork(limits: { rows: number; blocks: number }, run: () => Promise<unknown>): Promise<void> {
    // The first run of a session reads the catalogue; what counts is what every later one does.
    await run();
    const work = await plans.watch(run);
    const told = JSON.stringify(work);
    expect(work.blocks, 'something was explained').toBeGreaterThan(0);
    expect(work.scanned, told).toEqual([]);
    expect(work.rows, told).toBeLessThanOrEqual(limits.rows);
    expect(work.blocks, told).toBeLessThanOrEqual(limits.blocks);
  }

  it('finds an organization and a directory by their ids of before along an index', async () => {
    await expectWork({ rows: 30, blocks: 80 }, async () => {
      const scope = { environmentId: directory.environmentId, service: 'workos' };
      const found = await findImported(plans.app, scope, ['org_77777', 'directory_777', 'org_0']);
      expect(Object.fromEntries(found)).toEqual({
        org_77777: publicId('org', `${prefix}${'77777'.padStart(16, '0')}`),
        directory_777: publicId('dir', `${prefix}${'777'.padStart(16, '0')}`),
      });
    });
  });

  it('finds a user by a few looks at each directory that was imported, and at no other', async () => {
    await expectWork({ rows: 12 * DIRECTORIES, blocks: 24 * DIRECTORIES }, async () => {
      const scope = { environmentId: directory.environmentId, service: 'workos' };
      expect(await findImportedPeople(plans.app, scope, [USER])).toEqual(new Map([[USER, userId]]));
    });
  });
});
