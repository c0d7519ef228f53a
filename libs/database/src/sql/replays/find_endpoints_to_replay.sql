-- Endpoints with a running replay that has something to do: too little pending to go on with, or nothing left but its end.
CREATE OR REPLACE FUNCTION find_endpoints_to_replay(p_refill_below integer, p_limit integer)
RETURNS TABLE (environment_id text, endpoint_id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT DISTINCT r.environment_id, r.endpoint_id FROM replays r
JOIN webhook_endpoints e ON e.environment_id = r.environment_id AND e.id = r.endpoint_id
JOIN webhook_endpoint_health h ON h.environment_id = r.environment_id AND h.endpoint_id = r.endpoint_id
WHERE r.state = 'running' AND e.enabled
  AND (h.cooling_until IS NULL OR h.cooling_until <= now())
  AND CASE WHEN r.scanned THEN 1 ELSE p_refill_below END > (
    SELECT count(*) FROM deliveries d
    WHERE d.environment_id = r.environment_id AND d.endpoint_id = r.endpoint_id AND d.state = 'pending' AND d.replay_id = r.id)
LIMIT p_limit
$$;
