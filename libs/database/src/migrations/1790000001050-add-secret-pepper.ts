import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The key of generated secrets' hashes, sealed by SECRET_KEY. Null until the first process that has the key makes it. */
export class AddSecretPepper1790000001050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query('ALTER TABLE installation ADD COLUMN sealed_pepper text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE installation DROP COLUMN sealed_pepper');
  }
}
