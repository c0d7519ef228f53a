-- Of replays that are not paused. Each has a line of its own, so that it never waits for an event that waits for it; few of its
-- deliveries are pending at one time. p_rules: see claim_deliveries.
CREATE OR REPLACE FUNCTION find_due_of_replays(
  p_environment_id text, p_endpoint_id text, p_ordering text, p_enabled_time timestamptz, p_rules jsonb,
  p_limit integer, p_latest text
)
RETURNS TABLE (directory_id text, id text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
  hold interval NOT NULL := (p_rules ->> 'hold_ms')::integer * interval '1 millisecond';
BEGIN
  RETURN QUERY
    WITH due AS MATERIALIZED (
      SELECT d.directory_id, d.id, d.resource_id, d.sequence, d.replay_id, d.next_attempt_time FROM deliveries d
      WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.state = 'pending'
        AND d.id < p_latest AND d.next_attempt_time <= now() AND (d.claimed_until IS NULL OR d.claimed_until <= now())
        AND d.replay_id IS NOT NULL)
    SELECT d.directory_id, d.id FROM due d
    WHERE NOT EXISTS (SELECT 1 FROM replays r
        WHERE r.environment_id = p_environment_id AND r.id = d.replay_id AND r.state = 'paused')
      AND CASE p_ordering
        WHEN 'resource' THEN NOT EXISTS (SELECT 1 FROM deliveries p WHERE p.environment_id = p_environment_id
          AND p.endpoint_id = p_endpoint_id AND p.state = 'pending' AND p.id < p_latest
          AND p.directory_id = d.directory_id AND p.resource_id = d.resource_id AND p.sequence < d.sequence
          AND (p.first_attempt_time IS NULL OR greatest(p.first_attempt_time, p_enabled_time) > now() - hold)
          AND p.replay_id = d.replay_id)
        WHEN 'fifo' THEN NOT EXISTS (SELECT 1 FROM deliveries p
          WHERE p.environment_id = p_environment_id AND p.endpoint_id = p_endpoint_id AND p.state = 'pending'
            AND p.id < p_latest AND p.replay_id = d.replay_id AND p.directory_id = d.directory_id
            AND p.sequence < d.sequence)
        ELSE true END
    ORDER BY d.next_attempt_time, d.id LIMIT p_limit;
END
$$;
