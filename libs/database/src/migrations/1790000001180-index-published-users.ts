import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users in the order of their names and of their e-mail addresses. Drains wait meanwhile, and no request does. */
export class IndexPublishedUsers1790000001180 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query('CREATE INDEX published_users_name ON published_users (directory_id, name_key, id)');
    await runner.query('CREATE INDEX published_users_email ON published_users (directory_id, email_key, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX published_users_name');
    await runner.query('DROP INDEX published_users_email');
  }
}
