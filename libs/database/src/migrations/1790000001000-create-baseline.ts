import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DEPROVISIONING_POLICIES, DEPROVISIONING_TABLES } from './baseline/deprovisioning';
import { DIRECTORIES_POLICIES, DIRECTORIES_TABLES } from './baseline/directories';
import { ENVIRONMENTS_POLICIES, ENVIRONMENTS_TABLES } from './baseline/environments';
import { EVENTS_POLICIES, EVENTS_TABLES } from './baseline/events';
import { FUNCTIONS_TABLES } from './baseline/functions';
import { PORTAL_POLICIES, PORTAL_TABLES } from './baseline/portal';
import { RESOURCES_POLICIES, RESOURCES_TABLES } from './baseline/resources';
import { WEBHOOKS_POLICIES, WEBHOOKS_TABLES } from './baseline/webhooks';

/**
 * Every table of Rollcall. Ids are bare ULIDs (26 characters, COLLATE "C" so that comparison is by byte and sorts by creation).
 * The tenant key is directory_id for what an identity provider feeds (resources, changes, events, deliveries) and
 * environment_id for the rest; it stands in every primary key and unique index so that the schema shards by tenant.
 *
 * Row-level security is the second wall between tenants. Processes run as rollcall_app, which owns nothing; a query sees only
 * the rows of the tenant set in its transaction: rollcall.directory_id or rollcall.environment_id. Unset means no rows.
 */
export class CreateBaseline1790000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    for (const statement of TABLES) await runner.query(statement);
    for (const [table, policy] of Object.entries(POLICIES)) {
      await runner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY tenant ON ${table} USING (${policy}) WITH CHECK (${policy})`);
      await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO rollcall_app`);
    }
    await runner.query(`GRANT SELECT ON installation, database_version TO rollcall_app`);
  }

  /** The functions were made for these tables and go with them. */
  async down(runner: QueryRunner): Promise<void> {
    const functions: { name: string }[] = await runner.query('SELECT name FROM sql_functions');
    for (const { name } of functions) await runner.query(`DROP FUNCTION IF EXISTS ${name}`);
    await runner.query(`ALTER TABLE environments DROP CONSTRAINT environments_default_member_role_fkey`);
    for (const table of TABLE_NAMES.toReversed()) await runner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = [
  ...FUNCTIONS_TABLES,
  ...ENVIRONMENTS_TABLES,
  ...PORTAL_TABLES,
  ...DIRECTORIES_TABLES,
  ...RESOURCES_TABLES,
  ...DEPROVISIONING_TABLES,
  ...EVENTS_TABLES,
  ...WEBHOOKS_TABLES,
];

const TABLE_NAMES = TABLES.flatMap((statement) => /^CREATE TABLE (\w+)/.exec(statement)?.[1] ?? []);

const POLICIES = {
  ...ENVIRONMENTS_POLICIES,
  ...PORTAL_POLICIES,
  ...DIRECTORIES_POLICIES,
  ...RESOURCES_POLICIES,
  ...DEPROVISIONING_POLICIES,
  ...EVENTS_POLICIES,
  ...WEBHOOKS_POLICIES,
};
