import { ALONG_INDEXES, LATEST } from './along-indexes';

/** What finished attempts leave behind. */
export const RECORD_FUNCTIONS: Record<string, string> = {
  // p_attempts: [{directory_id, id, attempt, state, delay_ms, start_time, status, error, phases, response_headers, response_body}];
  // state: succeeded | failed | pending (tried again after delay_ms) | released (ours to abort: nothing is counted).
  // A result that comes after the lease was given to another worker changes nothing, but a success counts whenever it comes,
  // also after its delivery was canceled. The caller holds the endpoint's lock.
  'record_attempts(text, text, jsonb)': `CREATE FUNCTION record_attempts(p_environment_id text, p_endpoint_id text, p_attempts jsonb)
    RETURNS void LANGUAGE plpgsql ${ALONG_INDEXES} AS $$
    DECLARE
      latest text := ${LATEST};
      ended_directories text[];
      ended_resources text[];
    BEGIN
      INSERT INTO delivery_attempts (environment_id, endpoint_id, directory_id, delivery_id, attempt, start_time, status, error,
          phases, response_headers, response_body)
        SELECT p_environment_id, p_endpoint_id, r.directory_id, r.id, r.attempt, r.start_time, r.status, r.error, r.phases,
          r.response_headers, r.response_body
        FROM jsonb_to_recordset(p_attempts) AS r (directory_id text, id text, attempt integer, state text, start_time timestamptz,
          status integer, error text, phases jsonb, response_headers jsonb, response_body text)
        WHERE r.state <> 'released'
        ON CONFLICT (directory_id, delivery_id, attempt) DO NOTHING;
      WITH recorded AS (
        UPDATE deliveries d SET claimed_until = NULL,
          state = CASE r.state WHEN 'released' THEN d.state ELSE r.state END,
          attempt = CASE r.state WHEN 'released' THEN d.attempt ELSE r.attempt END,
          next_attempt_time = CASE r.state WHEN 'pending' THEN now() + r.delay_ms * interval '1 millisecond' ELSE d.next_attempt_time END,
          first_attempt_time = CASE r.state WHEN 'released' THEN d.first_attempt_time ELSE coalesce(d.first_attempt_time, r.start_time) END,
          finish_time = CASE WHEN r.state IN ('succeeded', 'failed') THEN now() END,
          last_status = CASE r.state WHEN 'released' THEN d.last_status ELSE r.status END,
          last_error = CASE r.state WHEN 'released' THEN d.last_error ELSE r.error END
        FROM jsonb_to_recordset(p_attempts) AS r (directory_id text, id text, attempt integer, state text, delay_ms float8,
          start_time timestamptz, status integer, error text)
        WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.directory_id = r.directory_id
          AND d.id = r.id AND d.id < latest
          AND (d.state = 'pending' AND d.attempt = r.attempt - 1 OR d.state <> 'succeeded' AND r.state = 'succeeded')
        RETURNING d.directory_id, d.resource_id, d.state
      )
      SELECT array_agg(w.directory_id), array_agg(w.resource_id) INTO ended_directories, ended_resources
        FROM recorded w WHERE w.state <> 'pending';
      IF ended_directories IS NOT NULL AND EXISTS (SELECT 1 FROM webhook_endpoint_health h
          WHERE h.environment_id = p_environment_id AND h.endpoint_id = p_endpoint_id AND h.deferring) THEN
        PERFORM advance_lines(p_environment_id, p_endpoint_id, ended_directories, ended_resources);
      END IF;
    END $$`,

  // When a ULID was made.
  'ulid_time(text)': `CREATE FUNCTION ulid_time(p_id text) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE AS $$
    DECLARE
      ms bigint := 0;
    BEGIN
      FOR i IN 1..10 LOOP
        ms := ms * 32 + strpos('0123456789abcdefghjkmnpqrstvwxyz', substr(p_id, i, 1)) - 1;
      END LOOP;
      RETURN to_timestamp(ms / 1000.0);
    END $$`,

  // The first delivery of each line that was not tried yet may have been deferred (defer_held): it is due now that the one
  // before it has come to its end, and has been since it was made, so that those made after it do not go first.
  'advance_lines(text, text, text[], text[])': `CREATE FUNCTION advance_lines(
      p_environment_id text, p_endpoint_id text, p_directory_ids text[], p_resource_ids text[])
    RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE deliveries d SET next_attempt_time = ulid_time(d.id)
        FROM (SELECT DISTINCT l.directory_id, l.resource_id FROM unnest(p_directory_ids, p_resource_ids) AS l (directory_id, resource_id)) l,
          LATERAL (
            SELECT n.directory_id, n.id FROM deliveries n
            WHERE n.environment_id = p_environment_id AND n.endpoint_id = p_endpoint_id AND n.state = 'pending'
              AND n.directory_id = l.directory_id AND n.resource_id = l.resource_id
              AND n.replay_id IS NULL AND NOT n.test AND n.attempt = 0
            ORDER BY n.sequence LIMIT 1) first
        WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.directory_id = first.directory_id AND d.id = first.id
          AND d.next_attempt_time > now();
      IF NOT FOUND AND NOT EXISTS (SELECT 1 FROM deliveries d
          WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.state = 'pending'
            AND d.next_attempt_time > now() AND d.attempt = 0) THEN
        UPDATE webhook_endpoint_health h SET deferring = false
          WHERE h.environment_id = p_environment_id AND h.endpoint_id = p_endpoint_id;
      END IF;
    END $$`,
};
