import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Replays: jobs that send a range of an environment's events to one webhook endpoint once more. */
export class CreateReplays1790000000820 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    for (const statement of [...TABLES, ...DELIVERY_INDEXES]) await runner.query(statement);
    await runner.query(`ALTER TABLE replays ENABLE ROW LEVEL SECURITY`);
    await runner.query(`CREATE POLICY tenant ON replays USING (${BY_ENVIRONMENT}) WITH CHECK (${BY_ENVIRONMENT})`);
    await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON replays TO rollcall_app`);
    await runner.query(FIND_ENDPOINTS_TO_REPLAY);
    await runner.query(`REVOKE ALL ON FUNCTION ${SIGNATURE} FROM public`);
    await runner.query(`GRANT EXECUTE ON FUNCTION ${SIGNATURE} TO rollcall_app`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION ${SIGNATURE}`);
    for (const name of [
      'deliveries_failed',
      'deliveries_failed_replay',
      'deliveries_replay',
      'deliveries_pending_replay',
    ]) {
      await runner.query(`DROP INDEX ${name}`);
    }
    await runner.query(`DROP TABLE replays`);
  }
}

const ID = 'text COLLATE "C"';
const BY_ENVIRONMENT = `environment_id = nullif(current_setting('rollcall.environment_id', true), '')`;

const TABLES = [
  // snapshot: what was committed when the replay was made; later events come by themselves. position: the keys of the last row
  // that the scan has passed, null at the start. enqueued: deliveries made so far; those of them that are not pending are done.
  `CREATE TABLE replays (
    environment_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    endpoint_id ${ID} NOT NULL,
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'paused', 'finished', 'canceled')),
    directory_id ${ID},
    from_sequence bigint,
    to_sequence bigint,
    from_time timestamptz,
    to_time timestamptz,
    types text[] NOT NULL DEFAULT '{}',
    failed_only boolean NOT NULL DEFAULT false,
    oldest_sequence bigint,
    events_expired boolean NOT NULL DEFAULT false,
    snapshot text NOT NULL,
    position text[],
    scanned boolean NOT NULL DEFAULT false,
    total bigint NOT NULL,
    enqueued bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    create_time timestamptz NOT NULL DEFAULT now(),
    finish_time timestamptz,
    PRIMARY KEY (environment_id, id),
    FOREIGN KEY (environment_id, endpoint_id) REFERENCES webhook_endpoints (environment_id, id) ON DELETE CASCADE
  )`,
  `CREATE INDEX replays_endpoint ON replays (environment_id, endpoint_id, id)`,
  // What every exchange with an endpoint asks for: there is next to nothing in it.
  `CREATE INDEX replays_unfinished ON replays (environment_id, endpoint_id) WHERE state IN ('running', 'paused')`,
];

const DELIVERY_INDEXES = [
  `CREATE INDEX deliveries_pending_replay ON deliveries (environment_id, endpoint_id, replay_id, directory_id, sequence)
    WHERE state = 'pending' AND replay_id IS NOT NULL`,
  `CREATE INDEX deliveries_replay ON deliveries (environment_id, endpoint_id, replay_id, id) WHERE replay_id IS NOT NULL`,
  `CREATE INDEX deliveries_failed_replay ON deliveries (environment_id, endpoint_id, replay_id)
    WHERE state = 'failed' AND replay_id IS NOT NULL`,
  `CREATE INDEX deliveries_failed ON deliveries (environment_id, endpoint_id, id) WHERE state = 'failed'`,
];

const SIGNATURE = 'find_endpoints_to_replay(integer, integer)';

// Endpoints with a running replay that has something to do: too little pending to go on with, or nothing left but its end.
const FIND_ENDPOINTS_TO_REPLAY = `CREATE FUNCTION find_endpoints_to_replay(p_refill_below integer, p_limit integer)
  RETURNS TABLE (environment_id text, endpoint_id text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT r.environment_id, r.endpoint_id FROM replays r
  JOIN webhook_endpoints e ON e.environment_id = r.environment_id AND e.id = r.endpoint_id
  JOIN webhook_endpoint_health h ON h.environment_id = r.environment_id AND h.endpoint_id = r.endpoint_id
  WHERE r.state = 'running' AND e.enabled
    AND (h.cooling_until IS NULL OR h.cooling_until <= now())
    AND CASE WHEN r.scanned THEN 1 ELSE p_refill_below END > (
      SELECT count(*) FROM deliveries d
      WHERE d.environment_id = r.environment_id AND d.endpoint_id = r.endpoint_id AND d.state = 'pending' AND d.replay_id = r.id)
  LIMIT p_limit
$$`;
