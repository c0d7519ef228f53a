-- Milliseconds until another delivery is due, asked when none could be leased; 0 = there are more to look at now.
-- p_rules: see claim_deliveries.
CREATE OR REPLACE FUNCTION find_next_due_ms(
  p_environment_id text, p_endpoint_id text, p_ordering text, p_rules jsonb
)
RETURNS float8
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_sort = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  p_latest text := ulid_floor(now() + interval '1 day');
BEGIN
  IF p_ordering = 'resource' AND is_window_full(p_environment_id, p_endpoint_id, p_rules, p_latest) THEN RETURN 0; END IF;
  RETURN (SELECT extract(epoch FROM d.next_attempt_time - now())::float8 * 1000 FROM deliveries d
    WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.state = 'pending'
      AND d.id < p_latest AND d.next_attempt_time > now() ORDER BY d.next_attempt_time LIMIT 1);
END
$$;
