import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an application may say of an organization beside its name, and reads back: other services keep it too. */
export class DescribeOrganizations1790000001260 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(
      'ALTER TABLE organizations ADD COLUMN slug text, ADD COLUMN logo_url text, ADD COLUMN region_code text',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE organizations DROP COLUMN slug, DROP COLUMN logo_url, DROP COLUMN region_code');
  }
}
