-- Removes up to p_limit events, deliveries and attempts each of a deleted directory whose organization is being erased; otherwise
-- nothing. What is being sent stays until it was answered: in_flight. pending_deliveries: deliveries that had not arrived.
CREATE OR REPLACE FUNCTION erase_directory_log(p_environment_id text, p_directory_id text, p_limit integer)
RETURNS TABLE (
  in_flight boolean, events bigint, deliveries bigint, pending_deliveries bigint, delivery_attempts bigint
)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT 1 FROM directories d
      JOIN erasures x ON x.environment_id = d.environment_id AND x.organization_id = d.organization_id
      WHERE d.environment_id = p_environment_id AND d.id = p_directory_id AND d.deleted_time IS NOT NULL
        AND x.user_id = '' AND x.state <> 'finished') THEN
    RETURN;
  END IF;
  DELETE FROM events e WHERE e.directory_id = p_directory_id AND e.id = ANY (ARRAY(
    SELECT o.id FROM events o WHERE o.directory_id = p_directory_id ORDER BY o.id LIMIT p_limit));
  GET DIAGNOSTICS events = ROW_COUNT;
  WITH removed AS (
    DELETE FROM deliveries d WHERE d.directory_id = p_directory_id AND d.id = ANY (ARRAY(
      SELECT o.id FROM deliveries o WHERE o.directory_id = p_directory_id AND (o.claimed_until IS NULL OR o.claimed_until <= now())
      ORDER BY o.id LIMIT p_limit))
      -- Asked again of the row as it is once a claim that was under way has ended.
      AND (d.claimed_until IS NULL OR d.claimed_until <= now())
    RETURNING d.state)
  SELECT count(*), count(*) FILTER (WHERE r.state = 'pending') INTO deliveries, pending_deliveries FROM removed r;
  WITH oldest AS (
    SELECT DISTINCT o.delivery_id FROM (
      SELECT a.delivery_id FROM delivery_attempts a WHERE a.directory_id = p_directory_id ORDER BY a.delivery_id LIMIT p_limit) o)
  DELETE FROM delivery_attempts a USING oldest WHERE a.directory_id = p_directory_id AND a.delivery_id = oldest.delivery_id;
  GET DIAGNOSTICS delivery_attempts = ROW_COUNT;
  in_flight := EXISTS (SELECT 1 FROM deliveries d WHERE d.directory_id = p_directory_id AND d.claimed_until > now());
  RETURN NEXT;
END
$$;
