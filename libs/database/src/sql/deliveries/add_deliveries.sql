-- Makes the deliveries of a directory's new events. Those of the endpoints in p_at_once are leased with that, where nothing is pending
-- and nothing in the way (endpoint_gates): nothing goes before them, and nothing else is on the way. An endpoint whose lock
-- another one has is left to its exchange. Returns the endpoints whose deliveries are leased; the caller holds their locks until
-- its end. A lease is counted from this statement, not from the begin of the transaction.
CREATE OR REPLACE FUNCTION add_deliveries(
  p_environment_id text, p_directory_id text, p_ids text[], p_endpoint_ids text[], p_event_ids text[], p_event_types text[],
  p_sequences bigint[], p_resource_ids text[], p_at_once text[], p_lease_ms integer
)
RETURNS TABLE (endpoint_id text, url text, sealed_secrets text[], health text)
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  latest text := ulid_floor(now() + interval '1 day');
  idle text[] := ARRAY[]::text[];
BEGIN
  IF p_at_once <> '{}' THEN
    idle := ARRAY(SELECT h.endpoint_id FROM webhook_endpoint_health h
      WHERE h.environment_id = p_environment_id AND h.endpoint_id = ANY (p_at_once) FOR UPDATE SKIP LOCKED);
    -- In a statement of its own: it sees what was committed before the locks were taken.
    idle := ARRAY(SELECT l.endpoint_id FROM unnest(idle) AS l (endpoint_id)
      WHERE endpoint_gates(p_environment_id, l.endpoint_id, latest) = '{}'
        AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.environment_id = p_environment_id AND d.endpoint_id = l.endpoint_id
          AND d.state = 'pending' AND d.id < latest));
  END IF;
  INSERT INTO deliveries (environment_id, directory_id, id, endpoint_id, event_id, event_type, sequence, resource_id, state,
      next_attempt_time, claimed_until)
    SELECT p_environment_id, p_directory_id, d.*, 'pending', now(),
      CASE WHEN d.endpoint_id = ANY (idle) THEN clock_timestamp() + p_lease_ms * interval '1 millisecond' END
    FROM unnest(p_ids, p_endpoint_ids, p_event_ids, p_event_types, p_sequences, p_resource_ids)
      AS d (id, endpoint_id, event_id, event_type, sequence, resource_id);
  IF idle = '{}' THEN RETURN; END IF;
  RETURN QUERY SELECT e.id, e.url, ARRAY(SELECT s.sealed_secret FROM webhook_secrets s
      WHERE s.environment_id = e.environment_id AND s.endpoint_id = e.id AND (s.expire_time IS NULL OR s.expire_time > now())
      ORDER BY s.create_time DESC, s.id DESC), h.health::text
    FROM webhook_endpoints e JOIN webhook_endpoint_health h ON h.environment_id = e.environment_id AND h.endpoint_id = e.id
    WHERE e.environment_id = p_environment_id AND e.id = ANY (idle);
END
$$;
