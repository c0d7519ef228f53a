import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What tells numbers and positions of before a restore from those after it: the epoch of each directory and of the feed, how far the
 * transaction ids of stored events are ahead of the server's, when the database was restored and which server it is on.
 */
export class CountEpochs1790000001220 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query('ALTER TABLE directory_counters ADD COLUMN epoch bigint NOT NULL DEFAULT 1');
    await runner.query(`ALTER TABLE installation ADD COLUMN feed_epoch bigint NOT NULL DEFAULT 1,
      ADD COLUMN transaction_offset bigint NOT NULL DEFAULT 0, ADD COLUMN restored_time timestamptz,
      ADD COLUMN system_identifier text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE installation DROP COLUMN feed_epoch, DROP COLUMN transaction_offset,
      DROP COLUMN restored_time, DROP COLUMN system_identifier`);
    await runner.query('ALTER TABLE directory_counters DROP COLUMN epoch');
  }
}
