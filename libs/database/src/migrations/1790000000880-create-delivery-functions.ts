import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CLAIM_FUNCTIONS } from './delivery-functions/claim-functions';
import { DUE_FUNCTIONS } from './delivery-functions/due-functions';
import { EXCHANGE_FUNCTIONS } from './delivery-functions/exchange-functions';
import { RECORD_FUNCTIONS } from './delivery-functions/record-functions';

/**
 * Recording attempts and leasing deliveries, set-wise and in one round trip. They run with the caller's rights, so row-level
 * security holds inside; only the look-up of endpoints crosses tenants and returns ids.
 */
export class CreateDeliveryFunctions1790000000880 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    // deferring: deliveries of the endpoint may stand at a later time because an earlier one of their resource holds them up.
    await runner.query(`ALTER TABLE webhook_endpoint_health ADD COLUMN deferring boolean NOT NULL DEFAULT false`);
    await runner.query(`CREATE INDEX deliveries_pending_unnumbered ON deliveries (environment_id, endpoint_id, id)
      WHERE state = 'pending' AND sequence IS NULL`);
    for (const [signature, statement] of Object.entries(DELIVERY_FUNCTIONS)) {
      await runner.query(statement);
      await runner.query(`REVOKE ALL ON FUNCTION ${signature} FROM public`);
      await runner.query(`GRANT EXECUTE ON FUNCTION ${signature} TO rollcall_app`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of Object.keys(DELIVERY_FUNCTIONS).toReversed()) {
      await runner.query(`DROP FUNCTION ${signature}`);
    }
    await runner.query(`DROP INDEX deliveries_pending_unnumbered`);
    // Nothing of the earlier version makes what was deferred due.
    await runner.query(`UPDATE deliveries SET next_attempt_time = now()
      WHERE state = 'pending' AND attempt = 0 AND next_attempt_time > now()`);
    await runner.query(`ALTER TABLE webhook_endpoint_health DROP COLUMN deferring`);
  }
}

const DELIVERY_FUNCTIONS: Record<string, string> = {
  ...DUE_FUNCTIONS,
  ...RECORD_FUNCTIONS,
  ...CLAIM_FUNCTIONS,
  ...EXCHANGE_FUNCTIONS,
};
