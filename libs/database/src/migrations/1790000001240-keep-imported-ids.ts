import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_ENVIRONMENT, ID } from './baseline/tenant';

/**
 * What stays of another service that an environment came from: the ids that it gave (by its name, such as `scalekit`), and the addresses
 * at which identity providers go on to reach their directories.
 */
export class KeepImportedIds1790000001240 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`ALTER TABLE organizations ADD COLUMN external_ids jsonb NOT NULL DEFAULT '{}'`);
    await runner.query(`ALTER TABLE directories ADD COLUMN external_ids jsonb NOT NULL DEFAULT '{}'`);
    await runner.query(`CREATE TABLE directory_aliases (
      environment_id ${ID} NOT NULL,
      alias ${ID} NOT NULL,
      directory_id ${ID} NOT NULL,
      create_time timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (environment_id, alias),
      FOREIGN KEY (environment_id, directory_id) REFERENCES directories (environment_id, id) ON DELETE CASCADE
    )`);
    await runner.query('CREATE UNIQUE INDEX directory_aliases_alias ON directory_aliases (alias)');
    await runner.query('CREATE INDEX directory_aliases_directory ON directory_aliases (environment_id, directory_id)');
    await runner.query('ALTER TABLE directory_aliases ENABLE ROW LEVEL SECURITY');
    await runner.query(
      `CREATE POLICY tenant ON directory_aliases USING (${BY_ENVIRONMENT}) WITH CHECK (${BY_ENVIRONMENT})`,
    );
    await runner.query('GRANT SELECT, INSERT, UPDATE, DELETE ON directory_aliases TO rollcall_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE directory_aliases');
    await runner.query('ALTER TABLE directories DROP COLUMN external_ids');
    await runner.query('ALTER TABLE organizations DROP COLUMN external_ids');
  }
}
