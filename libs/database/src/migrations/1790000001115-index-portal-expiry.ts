import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links and sessions of a portal are listed and removed by when they end. */
export class IndexPortalExpiry1790000001115 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    for (const table of TABLES) {
      await runner.query(`CREATE INDEX ${table}_expire_time ON ${table} (environment_id, expire_time)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP INDEX ${table}_expire_time`);
  }
}

const TABLES = ['portal_links', 'portal_sessions'];
