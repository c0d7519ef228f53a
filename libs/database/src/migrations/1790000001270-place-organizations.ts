import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_EITHER, BY_ENVIRONMENT, ID } from './baseline/tenant';

/**
 * What installations of several cells keep: in the control cell where each organization lives and has lived, in the others what was
 * copied of the control cell's configuration. Nothing is in these tables where one database has everything.
 *
 * placements: an organization without a row was not asked for yet. state: leaving and arriving while it is moved to to_cell.
 * past_placements: the cell that has a directory's events up to last_sequence, behind those of the ordinal before.
 * moving_rows: changes and deliveries of an organization that is being moved; no worker looks for them here.
 * copied_rows: what a row of the control cell was when it was last copied; only functions read and write it.
 */
export class PlaceOrganizations1790000001270 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`CREATE TABLE placements (
      environment_id ${ID} NOT NULL,
      organization_id ${ID} NOT NULL,
      cell text NOT NULL,
      state text NOT NULL DEFAULT 'settled' CHECK (state IN ('settled', 'leaving', 'arriving')),
      to_cell text,
      update_time timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (environment_id, organization_id)
    )`);
    await runner.query('CREATE INDEX placements_organization ON placements (organization_id)');
    await runner.query(`CREATE INDEX placements_moving ON placements (organization_id) WHERE state <> 'settled'`);
    await runner.query(`CREATE TABLE directory_placements (
      directory_id ${ID} PRIMARY KEY,
      environment_id ${ID} NOT NULL,
      organization_id ${ID} NOT NULL
    )`);
    await runner.query(
      'CREATE INDEX directory_placements_organization ON directory_placements (environment_id, organization_id)',
    );
    await runner.query(`CREATE TABLE past_placements (
      directory_id ${ID} NOT NULL,
      ordinal integer NOT NULL,
      environment_id ${ID} NOT NULL,
      cell text NOT NULL,
      last_sequence bigint NOT NULL,
      PRIMARY KEY (directory_id, ordinal)
    )`);
    await runner.query(`CREATE TABLE moving_rows (
      environment_id ${ID} NOT NULL,
      organization_id ${ID} NOT NULL,
      id bigint GENERATED ALWAYS AS IDENTITY (CACHE 1),
      kind text NOT NULL CHECK (kind IN ('change', 'delivery')),
      "row" jsonb NOT NULL,
      PRIMARY KEY (environment_id, organization_id, id)
    )`);
    await runner.query(`CREATE TABLE copied_rows (
      table_name text COLLATE "C" NOT NULL,
      row_key text COLLATE "C" NOT NULL,
      row_hash text NOT NULL,
      PRIMARY KEY (table_name, row_key)
    )`);
    await runner.query('ALTER TABLE copied_rows ENABLE ROW LEVEL SECURITY');
    // Looked up by an id before the tenant is known, where the primary key begins with the environment.
    await runner.query('CREATE INDEX organizations_id ON organizations (id)');
    // Those that were moved away from their events' log, and have to be found by what they say when somebody is erased.
    await runner.query('CREATE INDEX deliveries_with_body ON deliveries (directory_id) WHERE body IS NOT NULL');
    for (const [table, policy] of Object.entries(POLICIES)) {
      await runner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY tenant ON ${table} USING (${policy}) WITH CHECK (${policy})`);
      await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO rollcall_app`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX deliveries_with_body');
    await runner.query('DROP INDEX organizations_id');
    await runner.query('DROP TABLE copied_rows, moving_rows, past_placements, directory_placements, placements');
  }
}

const POLICIES: Record<string, string> = {
  placements: BY_ENVIRONMENT,
  directory_placements: BY_EITHER,
  past_placements: BY_EITHER,
  moving_rows: BY_ENVIRONMENT,
};
