import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people call a directory's token, and when another one took its place; null for those that have neither. */
export class NameDirectorySecrets1790000001100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query('ALTER TABLE directory_secrets ADD COLUMN name text, ADD COLUMN replaced_time timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE directory_secrets DROP COLUMN name, DROP COLUMN replaced_time');
  }
}
