import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The deprovision guard: its limits and state beside the counter that a drain locks, the users it holds, and the decisions. */
export class CreateDeprovisionGuard1790000000840 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(
      `ALTER TABLE directory_counters ADD COLUMN deprovision_guard jsonb, ADD COLUMN deprovisioning jsonb`,
    );
    for (const statement of TABLES) await runner.query(statement);
    for (const [table, policy] of Object.entries(POLICIES)) {
      await runner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY tenant ON ${table} USING (${policy}) WITH CHECK (${policy})`);
      await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO rollcall_app`);
    }
    await runner.query(readDirectoryTotals([...KINDS_OF_OWNERS, 'deprovisioning_decided']));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(readDirectoryTotals(KINDS_OF_OWNERS));
    for (const table of Object.keys(POLICIES)) await runner.query(`DROP TABLE ${table}`);
    await runner.query(`ALTER TABLE directory_counters DROP COLUMN deprovisioning, DROP COLUMN deprovision_guard`);
  }
}

const ID = 'text COLLATE "C"';

const TABLES = [
  // hold_id: the change that began the hold, or the decision that took these users out of it; null after a discard.
  // resource: the user as last written, null for deleted.
  `CREATE TABLE held_users (
    directory_id ${ID} NOT NULL,
    user_id ${ID} NOT NULL,
    hold_id bigint,
    resource jsonb,
    held_time timestamptz NOT NULL,
    PRIMARY KEY (directory_id, user_id)
  )`,
  `CREATE INDEX held_users_hold ON held_users (directory_id, hold_id, user_id)`,
  // Memberships of held users that changed meanwhile; what is published of them stands in published_memberships.
  `CREATE TABLE held_memberships (
    directory_id ${ID} NOT NULL,
    user_id ${ID} NOT NULL,
    group_id ${ID} NOT NULL,
    is_member boolean NOT NULL,
    PRIMARY KEY (directory_id, user_id, group_id)
  )`,
  // Who lost access lately, for the sliding window. A decision begins a new window (window_id); rows of earlier ones are dead.
  `CREATE TABLE deprovisionings (
    directory_id ${ID} NOT NULL,
    user_id ${ID} NOT NULL,
    window_id bigint NOT NULL,
    time timestamptz NOT NULL,
    deleted boolean NOT NULL,
    PRIMARY KEY (directory_id, user_id)
  )`,
  `CREATE INDEX deprovisionings_window ON deprovisionings (directory_id, window_id, time)`,
  // One row per decision, kept after its end; change_id is the row of the outbox that drives it.
  `CREATE TABLE deprovisioning_jobs (
    directory_id ${ID} NOT NULL,
    hold_id bigint NOT NULL,
    environment_id ${ID} NOT NULL,
    change_id bigint NOT NULL,
    action text NOT NULL CHECK (action IN ('release', 'discard')),
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'running', 'finished')),
    total bigint NOT NULL,
    done bigint NOT NULL DEFAULT 0,
    create_time timestamptz NOT NULL DEFAULT now(),
    finish_time timestamptz,
    PRIMARY KEY (directory_id, hold_id)
  )`,
];

const byEnvironment = `environment_id = nullif(current_setting('rollcall.environment_id', true), '')`;
const byDirectory = `directory_id = nullif(current_setting('rollcall.directory_id', true), '')`;

const POLICIES: Record<string, string> = {
  held_users: byDirectory,
  held_memberships: byDirectory,
  deprovisionings: byDirectory,
  deprovisioning_jobs: `${byDirectory} OR ${byEnvironment}`,
};

/** Changes that are no sync: the owner makes them. */
const KINDS_OF_OWNERS = ['directory_written', 'rules_changed'];

const readDirectoryTotals = (
  kindsOfOwners: readonly string[],
) => `CREATE OR REPLACE FUNCTION read_directory_totals(p_environment_id text, p_directory_ids text[])
  RETURNS TABLE (directory_id text, total_users bigint, total_groups bigint, last_synced_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.directory_id, c.total_users + coalesce(p.users, 0), c.total_groups + coalesce(p.groups, 0),
    greatest(c.last_synced_at, p.last_occurred_at)
  FROM directory_counters c, LATERAL (
    SELECT sum(ch.users_delta)::bigint AS users, sum(ch.groups_delta)::bigint AS groups,
      max(ch.occurred_at) FILTER (WHERE ch.kind NOT IN (${kindsOfOwners.map((kind) => `'${kind}'`).join(', ')})) AS last_occurred_at
    FROM changes ch WHERE ch.directory_id = c.directory_id) p
  WHERE c.environment_id = p_environment_id AND c.directory_id = ANY (p_directory_ids)
$$`;
