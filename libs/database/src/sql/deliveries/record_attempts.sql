-- p_attempts: [{directory_id, id, attempt, state, delay_ms, start_time, status, error, phases, request_headers, response_headers,
-- response_body}];
-- state: succeeded | failed | pending (tried again after delay_ms) | released (ours to abort: nothing is counted).
-- A result that comes after the lease was given to another worker changes nothing, but a success counts whenever it comes,
-- also after its delivery was canceled. The caller holds the endpoint's lock.
CREATE OR REPLACE FUNCTION record_attempts(
  p_environment_id text, p_endpoint_id text, p_attempts jsonb
)
RETURNS void
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_sort = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  latest text := ulid_floor(now() + interval '1 day');
  ended_directories text[];
  ended_resources text[];
BEGIN
  INSERT INTO delivery_attempts (environment_id, endpoint_id, directory_id, delivery_id, attempt, start_time, status, error,
      phases, request_headers, response_headers, response_body)
    SELECT p_environment_id, p_endpoint_id, r.directory_id, r.id, r.attempt, r.start_time, r.status, r.error, r.phases,
      coalesce(r.request_headers, '{}'), r.response_headers, r.response_body
    FROM jsonb_to_recordset(p_attempts) AS r (directory_id text, id text, attempt integer, state text, start_time timestamptz,
      status integer, error text, phases jsonb, request_headers jsonb, response_headers jsonb,
      response_body text)
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
END
$$;
