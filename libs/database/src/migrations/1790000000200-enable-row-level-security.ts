import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Row-level security as the second wall between tenants. Processes run as rollcall_app, which owns nothing; a query sees only
 * the rows of the tenant set in its transaction: rollcall.directory_id or rollcall.environment_id. Unset means no rows
 * (after a transaction with SET LOCAL the setting reads '', hence nullif).
 */
export class EnableRowLevelSecurity1790000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, policy] of Object.entries(POLICIES)) {
      await runner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY tenant ON ${table} USING (${policy}) WITH CHECK (${policy})`);
      await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO rollcall_app`);
    }
    await runner.query(`GRANT SELECT ON installation TO rollcall_app`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`REVOKE SELECT ON installation FROM rollcall_app`);
    for (const table of Object.keys(POLICIES)) {
      await runner.query(`REVOKE ALL ON ${table} FROM rollcall_app`);
      await runner.query(`DROP POLICY tenant ON ${table}`);
      await runner.query(`ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`);
    }
  }
}

const ENVIRONMENT = `nullif(current_setting('rollcall.environment_id', true), '')`;
const DIRECTORY = `nullif(current_setting('rollcall.directory_id', true), '')`;
const byEnvironment = `environment_id = ${ENVIRONMENT}`;
const byDirectory = `directory_id = ${DIRECTORY}`;
const byEither = `${byDirectory} OR ${byEnvironment}`;

const POLICIES: Record<string, string> = {
  environments: `id = ${ENVIRONMENT}`,
  api_clients: byEnvironment,
  organizations: byEnvironment,
  portal_links: byEnvironment,
  portal_sessions: byEnvironment,
  directories: byEnvironment,
  directory_secrets: byEnvironment,
  webhook_endpoints: byEnvironment,
  webhook_endpoint_health: byEnvironment,
  webhook_secrets: byEnvironment,
  directory_counters: byEither,
  directory_users: byDirectory,
  directory_user_emails: byDirectory,
  directory_groups: byDirectory,
  memberships: byDirectory,
  unresolved_members: byDirectory,
  changes: byDirectory,
  published_users: byDirectory,
  published_groups: byDirectory,
  published_memberships: byDirectory,
  events: byEither,
  deliveries: byEither,
  delivery_attempts: byEither,
};
