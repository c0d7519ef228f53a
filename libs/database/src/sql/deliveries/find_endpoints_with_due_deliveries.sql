-- After the given one in order of (environment, endpoint), so that a caller that goes on where it stopped reaches each of them
-- however many there are. A cooling endpoint is named for a test only.
CREATE OR REPLACE FUNCTION find_endpoints_with_due_deliveries(
  p_after_environment_id text, p_after_endpoint_id text, p_limit integer
)
RETURNS TABLE (environment_id text, endpoint_id text)
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
SELECT e.environment_id, e.id FROM webhook_endpoints e
JOIN webhook_endpoint_health h ON h.environment_id = e.environment_id AND h.endpoint_id = e.id
WHERE e.enabled AND (e.environment_id, e.id) > (p_after_environment_id, p_after_endpoint_id)
  -- The one that waits longest; a scalar, so that it is looked up per endpoint.
  AND CASE WHEN h.cooling_until IS NULL OR h.cooling_until <= now() THEN (
    SELECT true FROM deliveries d
    WHERE d.environment_id = e.environment_id AND d.endpoint_id = e.id AND d.state = 'pending'
      AND d.next_attempt_time <= now() AND (d.claimed_until IS NULL OR d.claimed_until <= now())
    ORDER BY d.next_attempt_time LIMIT 1)
  ELSE (
    SELECT true FROM deliveries d
    WHERE d.environment_id = e.environment_id AND d.endpoint_id = e.id AND d.state = 'pending' AND d.test
      AND d.next_attempt_time <= now() AND (d.claimed_until IS NULL OR d.claimed_until <= now())
    ORDER BY d.next_attempt_time LIMIT 1)
  END
ORDER BY e.environment_id, e.id LIMIT p_limit
$$;
