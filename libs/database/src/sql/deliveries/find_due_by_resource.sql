-- Those with the longest wait that no earlier one of their resource holds up. What is held up at the front of a backlog is
-- deferred when it stands in the way, so that nobody passes it again and again. p_rules: see claim_deliveries.
-- What holds a delivery up is looked for as a range in the order of deliveries_pending_resource, which no other index has. Of
-- `resource_id = … AND sequence < …` the index of a directory's sequences seems as good while statistics know of nothing that is
-- pending, and reads all that is pending before it.
CREATE OR REPLACE FUNCTION find_due_by_resource(
  p_environment_id text, p_endpoint_id text, p_enabled_time timestamptz, p_rules jsonb, p_limit integer,
  p_latest text
)
RETURNS TABLE (directory_id text, id text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
  hold interval NOT NULL := (p_rules ->> 'hold_ms')::integer * interval '1 millisecond';
  looked_at integer NOT NULL := (p_rules ->> 'window')::integer;
  directories text[];
  ids text[];
  deferred boolean := false;
BEGIN
  LOOP
    SELECT array_agg(f.directory_id), array_agg(f.id) INTO directories, ids FROM (
      SELECT d.directory_id, d.id FROM (
        SELECT d.directory_id, d.id, d.resource_id, d.sequence, d.next_attempt_time FROM deliveries d
          WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.state = 'pending'
          AND d.id < p_latest AND d.next_attempt_time <= now()
          AND (d.claimed_until IS NULL OR d.claimed_until <= now()) AND NOT d.test AND d.replay_id IS NULL
        ORDER BY d.next_attempt_time, d.id LIMIT looked_at) d
      WHERE (SELECT true FROM deliveries p WHERE p.environment_id = p_environment_id
        AND p.endpoint_id = p_endpoint_id AND p.state = 'pending' AND p.id < p_latest
        AND p.directory_id = d.directory_id AND p.resource_id >= d.resource_id
        AND (p.resource_id, p.sequence) < (d.resource_id, d.sequence)
        AND (p.first_attempt_time IS NULL OR greatest(p.first_attempt_time, p_enabled_time) > now() - hold)
        AND NOT p.test AND p.replay_id IS NULL
        ORDER BY p.resource_id, p.sequence LIMIT 1) IS NULL
      ORDER BY d.next_attempt_time, d.id LIMIT p_limit) f;
    EXIT WHEN deferred OR cardinality(ids) = p_limit OR NOT is_window_full(p_environment_id, p_endpoint_id, p_rules, p_latest);
    deferred := defer_held(p_environment_id, p_endpoint_id, p_enabled_time, p_rules, p_latest);
    EXIT WHEN NOT deferred;
  END LOOP;
  RETURN QUERY SELECT * FROM unnest(directories, ids);
END
$$;
