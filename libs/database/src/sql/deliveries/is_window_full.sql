-- Whether so many are due that not all were looked at.
CREATE OR REPLACE FUNCTION is_window_full(p_environment_id text, p_endpoint_id text, p_latest text)
RETURNS boolean
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM 1 FROM deliveries d WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id
    AND d.state = 'pending' AND d.id < p_latest AND d.next_attempt_time <= now()
    AND (d.claimed_until IS NULL OR d.claimed_until <= now()) AND NOT d.test AND d.replay_id IS NULL AND d.attempt = 0
    ORDER BY d.next_attempt_time, d.id OFFSET 99 LIMIT 1;
  RETURN FOUND;
END
$$;
