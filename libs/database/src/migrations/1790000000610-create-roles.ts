import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The application's roles, the environment's default role, and the jobs that apply changed rules to published users. */
export class CreateRoles1790000000610 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    for (const statement of TABLES) await runner.query(statement);
    for (const [table, policy] of Object.entries(POLICIES)) {
      await runner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY tenant ON ${table} USING (${policy}) WITH CHECK (${policy})`);
      await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO rollcall_app`);
    }
    await runner.query(START_RULES_JOBS);
    await runner.query(`REVOKE ALL ON FUNCTION ${SIGNATURE} FROM public`);
    await runner.query(`GRANT EXECUTE ON FUNCTION ${SIGNATURE} TO rollcall_app`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION ${SIGNATURE}`);
    await runner.query(`ALTER TABLE environments DROP COLUMN default_member_role`);
    for (const table of Object.keys(POLICIES)) await runner.query(`DROP TABLE ${table}`);
  }
}

const ID = 'text COLLATE "C"';

const TABLES = [
  // role_key: the name folded by case, because a role from an identity provider is matched in any case.
  `CREATE TABLE roles (
    environment_id ${ID} NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    role_name ${ID} NOT NULL,
    role_key ${ID} NOT NULL,
    display_name text NOT NULL,
    description text NOT NULL DEFAULT '',
    create_time timestamptz NOT NULL DEFAULT now(),
    update_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (environment_id, role_name)
  )`,
  `CREATE UNIQUE INDEX roles_role_key ON roles (environment_id, role_key)`,
  `ALTER TABLE environments ADD COLUMN default_member_role ${ID}`,
  `ALTER TABLE environments ADD CONSTRAINT environments_default_member_role_fkey
    FOREIGN KEY (id, default_member_role) REFERENCES roles (environment_id, role_name)`,
  // One row per directory: the newest job. last_user_id is its place among the published users, in order of id.
  `CREATE TABLE rules_jobs (
    directory_id ${ID} PRIMARY KEY,
    environment_id ${ID} NOT NULL,
    change_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'running', 'finished')),
    total bigint NOT NULL,
    done bigint NOT NULL DEFAULT 0,
    last_user_id ${ID} NOT NULL DEFAULT '',
    create_time timestamptz NOT NULL DEFAULT now(),
    finish_time timestamptz
  )`,
  `CREATE INDEX rules_jobs_environment ON rules_jobs (environment_id, directory_id)`,
];

const byEnvironment = `environment_id = nullif(current_setting('rollcall.environment_id', true), '')`;
const byDirectory = `directory_id = nullif(current_setting('rollcall.directory_id', true), '')`;

const POLICIES: Record<string, string> = {
  roles: byEnvironment,
  rules_jobs: `${byDirectory} OR ${byEnvironment}`,
};

const SIGNATURE = 'start_rules_jobs(text, text)';

// Starts the job of one directory, or of every directory of the environment (p_directory_id null), in place of one that runs.
// A slice under way then belongs to the earlier change and moves the new job nowhere; its users are passed again.
const START_RULES_JOBS = `CREATE FUNCTION start_rules_jobs(p_environment_id text, p_directory_id text)
  RETURNS TABLE (directory_id text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  #variable_conflict use_column
  DECLARE
    d record;
    new_change_id bigint;
  BEGIN
    FOR d IN
      SELECT x.id, c.total_users FROM directories x JOIN directory_counters c ON c.directory_id = x.id
      WHERE x.environment_id = p_environment_id AND x.deleted_time IS NULL AND (p_directory_id IS NULL OR x.id = p_directory_id)
      ORDER BY x.id
    LOOP
      INSERT INTO changes (directory_id, kind, resource_id, occurred_at)
        VALUES (d.id, 'rules_changed', d.id, date_trunc('milliseconds', clock_timestamp()))
        RETURNING id INTO new_change_id;
      INSERT INTO rules_jobs (directory_id, environment_id, change_id, total)
        VALUES (d.id, p_environment_id, new_change_id, greatest(d.total_users, 0))
        ON CONFLICT (directory_id) DO UPDATE SET change_id = excluded.change_id, state = 'pending', total = excluded.total,
          done = 0, last_user_id = '', create_time = now(), finish_time = NULL;
      directory_id := d.id;
      RETURN NEXT;
    END LOOP;
  END
$$`;
