import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_ENVIRONMENT, ID } from './baseline/tenant';

/**
 * Requests of the management API that are done once however often they are sent, by the keys that their senders gave them. The answer may
 * hold a secret that is shown this once, so it is sealed. A process of before knows nothing of them and does every request.
 * claim: of the request that is doing it; carried_out: set in the transaction of what it changes.
 */
export class CreateIdempotencyKeys1790000001250 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`CREATE TABLE idempotency_keys (
      environment_id ${ID} NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      key_hash ${ID} NOT NULL,
      request_hash ${ID} NOT NULL,
      claim ${ID} NOT NULL,
      claimed_until timestamptz NOT NULL,
      carried_out boolean NOT NULL DEFAULT false,
      status integer,
      sealed_answer text,
      create_time timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (environment_id, key_hash)
    )`);
    await runner.query('CREATE INDEX idempotency_keys_create_time ON idempotency_keys (create_time)');
    await runner.query('CREATE INDEX idempotency_keys_environment ON idempotency_keys (environment_id, create_time)');
    await runner.query('ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY');
    await runner.query(
      `CREATE POLICY tenant ON idempotency_keys USING (${BY_ENVIRONMENT}) WITH CHECK (${BY_ENVIRONMENT})`,
    );
    await runner.query('GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO rollcall_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_keys');
  }
}
