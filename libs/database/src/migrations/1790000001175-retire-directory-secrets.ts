import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which other token ends a directory's token once it is in use, and since when a token is in use. Null for those of before. */
export class RetireDirectorySecrets1790000001175 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(
      'ALTER TABLE directory_secrets ADD COLUMN retired_by text COLLATE "C", ADD COLUMN first_used_time timestamptz',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE directory_secrets DROP COLUMN retired_by, DROP COLUMN first_used_time');
  }
}
