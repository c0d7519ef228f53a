-- Moves deliveries at the front of the backlog that were not tried yet and are held up to when the hold ends. They become due
-- before that when the delivery that holds them comes to its end (advance_lines). Returns whether there were any.
-- p_rules: see claim_deliveries. What holds one up is looked for as in find_due_by_resource.
CREATE OR REPLACE FUNCTION defer_held(
  p_environment_id text, p_endpoint_id text, p_enabled_time timestamptz, p_rules jsonb, p_latest text
)
RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
  hold interval NOT NULL := (p_rules ->> 'hold_ms')::integer * interval '1 millisecond';
  at_once integer NOT NULL := (p_rules ->> 'deferred_at_once')::integer;
BEGIN
  WITH front AS MATERIALIZED (
    SELECT d.directory_id, d.id, d.resource_id, d.sequence, d.attempt FROM deliveries d
      WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.state = 'pending'
      AND d.id < p_latest AND d.next_attempt_time <= now() AND (d.claimed_until IS NULL OR d.claimed_until <= now())
      AND NOT d.test AND d.replay_id IS NULL
    ORDER BY d.next_attempt_time, d.id LIMIT at_once
  ), held AS MATERIALIZED (
    SELECT d.directory_id, d.id, (
      SELECT greatest(coalesce(p.first_attempt_time, now()), p_enabled_time) + hold FROM deliveries p
      WHERE p.environment_id = p_environment_id AND p.endpoint_id = p_endpoint_id AND p.state = 'pending'
        AND p.id < p_latest AND p.directory_id = d.directory_id AND p.resource_id >= d.resource_id
        AND (p.resource_id, p.sequence) < (d.resource_id, d.sequence)
        AND (p.first_attempt_time IS NULL OR greatest(p.first_attempt_time, p_enabled_time) > now() - hold)
        AND NOT p.test AND p.replay_id IS NULL
        ORDER BY p.resource_id, p.sequence LIMIT 1) AS until
    FROM front d WHERE d.attempt = 0
  )
  UPDATE deliveries d SET next_attempt_time = h.until FROM held h
    WHERE h.until IS NOT NULL AND d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id
      AND d.directory_id = h.directory_id AND d.id = h.id AND d.id < p_latest;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE webhook_endpoint_health h SET deferring = true
    WHERE h.environment_id = p_environment_id AND h.endpoint_id = p_endpoint_id AND NOT h.deferring;
  RETURN true;
END
$$;
