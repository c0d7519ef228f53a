import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Deliveries of events that are in no directory's log. Such a delivery carries its own body and has no sequence, and its
 * directory_id is '' when it concerns no directory. replay_id marks a delivery that a replay sends once more.
 */
export class AddUnnumberedDeliveries1790000000800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`ALTER TABLE deliveries ALTER COLUMN sequence DROP NOT NULL,
      ADD COLUMN body text, ADD COLUMN replay_id text COLLATE "C"`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM deliveries WHERE sequence IS NULL OR replay_id IS NOT NULL`);
    await runner.query(`ALTER TABLE deliveries DROP COLUMN replay_id, DROP COLUMN body,
      ALTER COLUMN sequence SET NOT NULL`);
  }
}
