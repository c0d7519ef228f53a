import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Test deliveries, the owner's rate limit, what an endpoint's life is told by, and tokens that are about to expire. */
export class WatchWebhookEndpoints1790000000860 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    for (const statement of [...ENDPOINTS, ...SECRETS]) await runner.query(statement);
    for (const [signature, statement] of Object.entries(FUNCTIONS)) {
      await runner.query(statement);
      await runner.query(`REVOKE ALL ON FUNCTION ${signature} FROM public`);
      await runner.query(`GRANT EXECUTE ON FUNCTION ${signature} TO rollcall_app`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of Object.keys(FUNCTIONS)) await runner.query(`DROP FUNCTION ${signature}`);
    await runner.query(`DROP INDEX directory_secrets_expiring`);
    await runner.query(`ALTER TABLE directory_secrets DROP COLUMN expiry_warned_days`);
    await runner.query(`ALTER TABLE webhook_endpoint_health DROP COLUMN next_send_time, DROP COLUMN exhausted_told_time,
      DROP COLUMN exhausted_untold`);
    await runner.query(`ALTER TABLE webhook_endpoints DROP COLUMN rate_limit, DROP COLUMN enabled_time`);
    await runner.query(`DELETE FROM deliveries WHERE test`);
    await runner.query(`DROP INDEX deliveries_pending_tests`);
    await runner.query(`ALTER TABLE deliveries DROP COLUMN test`);
  }
}

const ENDPOINTS = [
  `ALTER TABLE deliveries ADD COLUMN test boolean NOT NULL DEFAULT false`,
  `CREATE INDEX deliveries_pending_tests ON deliveries (environment_id, endpoint_id) WHERE state = 'pending' AND test`,
  // enabled_time: when the endpoint was last enabled after having been disabled. rate_limit: attempts per second.
  `ALTER TABLE webhook_endpoints ADD COLUMN rate_limit integer CHECK (rate_limit > 0), ADD COLUMN enabled_time timestamptz`,
  // next_send_time: the rate limit's account, as libs/webhooks keeps it. exhausted_*: when the last delivery.exhausted was told,
  // and how many deliveries were exhausted since.
  `ALTER TABLE webhook_endpoint_health ADD COLUMN next_send_time timestamptz, ADD COLUMN exhausted_told_time timestamptz,
    ADD COLUMN exhausted_untold integer NOT NULL DEFAULT 0`,
];

const SECRETS = [
  // The smallest number of days before its end of which a token's owner has been warned.
  `ALTER TABLE directory_secrets ADD COLUMN expiry_warned_days smallint`,
  `CREATE INDEX directory_secrets_expiring ON directory_secrets (expire_time) WHERE expire_time IS NOT NULL AND revoked_time IS NULL`,
];

const DEFINER = `SECURITY DEFINER SET search_path = public, pg_temp`;

const FUNCTIONS: Record<string, string> = {
  // Tokens that come to their end within one of the given numbers of days of which nobody was warned; the nearest end first.
  // A warning that would have been due before the token was made is not given.
  'find_expiring_secrets(integer[], integer)': `CREATE FUNCTION find_expiring_secrets(p_days integer[], p_limit integer)
    RETURNS TABLE (environment_id text, directory_id text, secret_id text, days integer)
    LANGUAGE sql STABLE ${DEFINER} AS $$
    SELECT s.environment_id, s.directory_id, s.id, w.days
    FROM directory_secrets s, LATERAL (
      SELECT min(d.days) AS days FROM unnest(p_days) AS d (days) WHERE s.expire_time <= now() + make_interval(days => d.days)
    ) w
    WHERE s.revoked_time IS NULL AND s.expire_time > now()
      AND s.expire_time <= now() + make_interval(days => (SELECT max(d) FROM unnest(p_days) AS d))
      AND w.days < coalesce(s.expiry_warned_days, 32767) AND s.create_time < s.expire_time - make_interval(days => w.days)
    ORDER BY s.expire_time LIMIT p_limit
  $$`,
};
