-- Why the deliveries of an endpoint cannot just go out: the one place that both exchanges ask. NULL = there is no such endpoint;
-- {} = nothing is in the way. A reason that the step-by-step exchange does not know how to weigh closes the endpoint.
CREATE OR REPLACE FUNCTION endpoint_gates(p_environment_id text, p_endpoint_id text, p_latest text)
RETURNS text[]
LANGUAGE plpgsql
AS $$
BEGIN
  RETURN (SELECT array_remove(ARRAY[
      CASE WHEN NOT e.enabled THEN 'disabled' END,
      CASE WHEN e.rate_limit IS NOT NULL THEN 'rate_limited' END,
      CASE WHEN e.dialect IS NOT NULL THEN 'dialect' END,
      CASE WHEN h.cooling_until IS NOT NULL THEN 'cooling' END,
      CASE WHEN EXISTS (SELECT 1 FROM replays r WHERE r.environment_id = p_environment_id AND r.endpoint_id = p_endpoint_id
        AND r.state = 'running') THEN 'replaying' END,
      CASE WHEN EXISTS (SELECT 1 FROM deliveries d WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id
        AND d.state = 'pending' AND d.id < p_latest AND d.test) THEN 'testing' END], NULL)
    FROM webhook_endpoints e
    JOIN webhook_endpoint_health h ON h.environment_id = e.environment_id AND h.endpoint_id = e.id
    WHERE e.environment_id = p_environment_id AND e.id = p_endpoint_id);
END
$$;
