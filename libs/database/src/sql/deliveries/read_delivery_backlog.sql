-- What waits in all of the installation, for the metrics: deliveries that are due and the seconds that the longest has been, those whose
-- lease has ended without a result, endpoints whose circuit is open (what is due to them waits on purpose and does not count), and
-- directories that hold users back. Each is looked up by an index and counted up to p_limit, of the first p_endpoints endpoints.
CREATE OR REPLACE FUNCTION read_delivery_backlog(p_endpoints integer, p_limit integer)
RETURNS TABLE (due bigint, oldest_due_seconds float8, leases_expired bigint, circuits_open bigint, directories_held bigint)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_sort = off
SET plan_cache_mode = force_generic_plan
AS $$
WITH RECURSIVE endpoints AS MATERIALIZED (
  SELECT h.environment_id, h.endpoint_id, h.cooling_until IS NOT NULL AS is_cooling
  FROM webhook_endpoint_health h ORDER BY h.environment_id, h.endpoint_id LIMIT p_endpoints
), sent_to AS MATERIALIZED (
  SELECT p.environment_id, p.endpoint_id FROM endpoints p
  JOIN webhook_endpoints e ON e.environment_id = p.environment_id AND e.id = p.endpoint_id
  WHERE e.enabled AND NOT p.is_cooling
), held AS (
  (SELECT u.directory_id FROM held_users u WHERE u.hold_id IS NOT NULL ORDER BY u.directory_id LIMIT 1)
  UNION ALL
  SELECT (SELECT u.directory_id FROM held_users u WHERE u.directory_id > h.directory_id AND u.hold_id IS NOT NULL
    ORDER BY u.directory_id LIMIT 1)
  FROM held h WHERE h.directory_id IS NOT NULL
)
SELECT
  (SELECT count(*) FROM (SELECT 1 FROM sent_to s CROSS JOIN LATERAL (
    SELECT 1 FROM deliveries d
    WHERE d.environment_id = s.environment_id AND d.endpoint_id = s.endpoint_id AND d.state = 'pending'
      AND d.id < ulid_floor(now() + interval '1 day')
      AND d.next_attempt_time <= now() AND (d.claimed_until IS NULL OR d.claimed_until <= now())
    LIMIT p_limit) d LIMIT p_limit) c),
  (SELECT coalesce(extract(epoch FROM now() - min(d.next_attempt_time)), 0)::float8 FROM sent_to s CROSS JOIN LATERAL (
    SELECT d.next_attempt_time FROM deliveries d
    WHERE d.environment_id = s.environment_id AND d.endpoint_id = s.endpoint_id AND d.state = 'pending'
      AND d.id < ulid_floor(now() + interval '1 day')
      AND d.next_attempt_time <= now() AND (d.claimed_until IS NULL OR d.claimed_until <= now())
    ORDER BY d.next_attempt_time LIMIT 1) d),
  (SELECT count(*) FROM (SELECT 1 FROM endpoints s CROSS JOIN LATERAL (
    SELECT 1 FROM deliveries d
    WHERE d.environment_id = s.environment_id AND d.endpoint_id = s.endpoint_id AND d.state = 'pending'
      AND d.id < ulid_floor(now() + interval '1 day')
      AND d.claimed_until IS NOT NULL AND d.claimed_until <= now()
    LIMIT p_limit) d LIMIT p_limit) c),
  (SELECT count(*) FROM endpoints p WHERE p.is_cooling),
  (SELECT count(*) FROM (SELECT h.directory_id FROM held h WHERE h.directory_id IS NOT NULL LIMIT p_limit) f
    JOIN directory_counters c ON c.directory_id = f.directory_id
    WHERE c.deprovisioning -> 'hold' IS DISTINCT FROM 'null'::jsonb AND c.deprovisioning IS NOT NULL)
$$;
