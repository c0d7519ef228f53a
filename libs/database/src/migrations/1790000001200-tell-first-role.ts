import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the first user came with a role that the identity provider had sent. Null for directories of before, until the next one comes. */
export class TellFirstRole1790000001200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query('ALTER TABLE directory_counters ADD COLUMN first_role_time timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE directory_counters DROP COLUMN first_role_time');
  }
}
