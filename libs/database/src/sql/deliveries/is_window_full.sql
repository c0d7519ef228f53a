-- Whether so many are due that not all were looked at. p_rules: see claim_deliveries.
CREATE OR REPLACE FUNCTION is_window_full(
  p_environment_id text, p_endpoint_id text, p_rules jsonb, p_latest text
)
RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
  looked_at integer NOT NULL := (p_rules ->> 'window')::integer;
BEGIN
  PERFORM 1 FROM deliveries d WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id
    AND d.state = 'pending' AND d.id < p_latest AND d.next_attempt_time <= now()
    AND (d.claimed_until IS NULL OR d.claimed_until <= now()) AND NOT d.test AND d.replay_id IS NULL AND d.attempt = 0
    ORDER BY d.next_attempt_time, d.id OFFSET looked_at - 1 LIMIT 1;
  RETURN FOUND;
END
$$;
