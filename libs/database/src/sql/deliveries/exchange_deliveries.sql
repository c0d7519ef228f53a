-- Records p_attempts (see record_attempts), stores the health that follows from them, and leases what may go next. The health was
-- worked out from p_health_before; when that is not what is stored, or endpoint_gates names anything, nothing is
-- done and no row is returned: the caller looks closer. p_rules: see claim_deliveries.
-- Who leases more than may begin at once says so in p_rules: {slots, held}, how many may, and how many leases it holds, which have to
-- be all that there are; otherwise no more than p_in_flight_max are leased together.
-- Otherwise the last row is the endpoint (with its url), the others are the deliveries.
CREATE OR REPLACE FUNCTION exchange_deliveries(
  p_environment_id text, p_endpoint_id text, p_attempts jsonb, p_health_before jsonb, p_health_after jsonb,
  p_slots integer, p_in_flight_max integer, p_after_directory_id text,
  p_rules jsonb
)
RETURNS TABLE (
  url text, sealed_secrets text[], health jsonb, next_due_ms float8, directory_id text, id text,
  event_id text, attempt integer, replay_id text, test boolean, body text
)
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_sort = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  e webhook_endpoints;
  h webhook_endpoint_health;
  is_pending boolean;
  free integer := 0;
  leased integer := 0;
  latest text := ulid_floor(now() + interval '1 day');
BEGIN
  PERFORM set_config('rollcall.environment_id', p_environment_id, true), set_config('rollcall.directory_id', '', true);
  SELECT * INTO h FROM webhook_endpoint_health x
    WHERE x.environment_id = p_environment_id AND x.endpoint_id = p_endpoint_id FOR UPDATE;
  SELECT * INTO e FROM webhook_endpoints x WHERE x.environment_id = p_environment_id AND x.id = p_endpoint_id;
  IF p_attempts <> '[]' AND h.health IS DISTINCT FROM p_health_before
      OR endpoint_gates(p_environment_id, p_endpoint_id, latest) IS DISTINCT FROM '{}' THEN
    RETURN;
  END IF;
  IF p_attempts <> '[]' THEN
    PERFORM record_attempts(p_environment_id, p_endpoint_id, p_attempts);
    IF p_health_after <> h.health THEN
      h.health := p_health_after;
      UPDATE webhook_endpoint_health x SET health = p_health_after
        WHERE x.environment_id = p_environment_id AND x.endpoint_id = p_endpoint_id;
    END IF;
  END IF;
  -- Most often there is nothing: the looks below need not each find that out.
  is_pending := EXISTS (SELECT 1 FROM deliveries d WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id
    AND d.state = 'pending' AND d.id < latest);
  IF is_pending THEN
    SELECT CASE WHEN count(*) <= (p_rules ->> 'held')::integer THEN p_slots
        ELSE least(coalesce((p_rules ->> 'slots')::integer, p_slots), p_in_flight_max - count(*)) END INTO free FROM deliveries d
      WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.state = 'pending' AND d.id < latest
        AND d.claimed_until IS NOT NULL AND d.claimed_until > now();
  END IF;
  IF free > 0 THEN
    RETURN QUERY SELECT NULL::text, NULL::text[], NULL::jsonb, NULL::float8, c.*
      FROM claim_deliveries(p_environment_id, p_endpoint_id, e.ordering, e.enabled_time, free, 'events', p_after_directory_id, p_rules) c;
    GET DIAGNOSTICS leased = ROW_COUNT;
  END IF;
  url := e.url;
  health := h.health;
  sealed_secrets := ARRAY(SELECT s.sealed_secret FROM webhook_secrets s
    WHERE s.environment_id = p_environment_id AND s.endpoint_id = p_endpoint_id AND (s.expire_time IS NULL OR s.expire_time > now())
    ORDER BY s.create_time DESC, s.id DESC);
  IF is_pending AND leased = 0 THEN next_due_ms := find_next_due_ms(p_environment_id, p_endpoint_id, e.ordering, p_rules); END IF;
  RETURN NEXT;
END
$$;
