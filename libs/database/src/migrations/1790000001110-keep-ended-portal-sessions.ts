import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A portal session that was ended stays for a while, so that whoever still has its cookie is told why. It is expired as well:
 * programs of the version before know nothing of the reason, and nor do those that follow when this is taken back.
 */
export class KeepEndedPortalSessions1790000001110 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(
      `ALTER TABLE portal_sessions ADD COLUMN end_reason text CHECK (end_reason IN ('left', 'link_revoked'))`,
    );
    for (const table of ['portal_links', 'portal_sessions']) {
      await runner.query(`CREATE INDEX ${table}_expire_time ON ${table} (environment_id, expire_time)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE portal_sessions DROP COLUMN end_reason');
    for (const table of ['portal_links', 'portal_sessions']) await runner.query(`DROP INDEX ${table}_expire_time`);
  }
}
