import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The events of a request. No event of before has one, but all of them are read: that keeps drains waiting, and no request. */
export class IndexEventsByRequest1790000001125 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(
      `CREATE INDEX events_request ON events (directory_id, request_id, sequence) WHERE request_id IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX events_request');
  }
}
