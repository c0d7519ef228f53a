import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people call a directory's token; when another one took its place, and which one ends it once it is in use; and since when a
 * token is in use. Null for those of before.
 */
export class NameDirectorySecrets1790000001100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`ALTER TABLE directory_secrets ADD COLUMN name text, ADD COLUMN replaced_time timestamptz,
      ADD COLUMN retired_by text COLLATE "C", ADD COLUMN first_used_time timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE directory_secrets DROP COLUMN name, DROP COLUMN replaced_time,
      DROP COLUMN retired_by, DROP COLUMN first_used_time`);
  }
}
