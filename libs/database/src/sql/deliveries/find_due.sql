-- Those with the longest wait.
CREATE OR REPLACE FUNCTION find_due(
  p_environment_id text, p_endpoint_id text, p_limit integer, p_latest text
)
RETURNS TABLE (directory_id text, id text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT d.directory_id, d.id FROM deliveries d WHERE d.environment_id = p_environment_id
    AND d.endpoint_id = p_endpoint_id AND d.state = 'pending' AND d.id < p_latest AND d.next_attempt_time <= now()
    AND (d.claimed_until IS NULL OR d.claimed_until <= now()) AND NOT d.test AND d.replay_id IS NULL
    ORDER BY d.next_attempt_time, d.id LIMIT p_limit;
END
$$;
