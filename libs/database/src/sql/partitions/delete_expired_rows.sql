-- Deletes events, deliveries, attempts and packs of requests that are older than so many days, at least one, out of the weeks that are
-- not old enough to be dropped: directory by directory, beginning with the one after p_after (null: the first), up to p_limit rows or
-- p_directories. next_after: where to go on; null when it has come to the end.
CREATE OR REPLACE FUNCTION delete_expired_rows(p_days integer, p_after text, p_limit integer, p_directories integer)
RETURNS TABLE (deleted bigint, next_after text)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_sort = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  before timestamptz := now() - greatest(p_days, 1) * interval '1 day';
  oldest_kept text := ulid_floor(before);
  -- Of later weeks nothing is old: their partitions are left out.
  week_end text := ulid_floor(date_trunc('week', before, 'UTC') + interval '1 week');
  subject text := CASE WHEN p_after IS NULL THEN '' END;
  removed bigint;
BEGIN
  deleted := 0;
  next_after := p_after;
  FOR turn IN 1..p_directories LOOP
    IF subject IS NULL THEN
      SELECT min(o.directory_id) INTO subject FROM (
        (SELECT e.directory_id FROM events e WHERE e.id < week_end AND e.directory_id > next_after ORDER BY e.directory_id LIMIT 1)
        UNION ALL
        (SELECT d.directory_id FROM deliveries d WHERE d.id < week_end AND d.directory_id > next_after ORDER BY d.directory_id LIMIT 1)
        UNION ALL
        (SELECT a.directory_id FROM delivery_attempts a WHERE a.delivery_id < week_end AND a.directory_id > next_after
          ORDER BY a.directory_id LIMIT 1)
        UNION ALL
        (SELECT r.directory_id FROM scim_request_packs r WHERE r.id < week_end AND r.directory_id > next_after
          ORDER BY r.directory_id LIMIT 1)) o;
    END IF;
    IF subject IS NULL THEN
      next_after := NULL;
      EXIT;
    END IF;
    DELETE FROM events e WHERE e.directory_id = subject AND e.id < oldest_kept AND e.id = ANY (ARRAY(
      SELECT o.id FROM events o WHERE o.directory_id = subject AND o.id < oldest_kept ORDER BY o.id LIMIT p_limit - deleted));
    GET DIAGNOSTICS removed = ROW_COUNT;
    deleted := deleted + removed;
    DELETE FROM deliveries d WHERE d.directory_id = subject AND d.id < oldest_kept AND d.id = ANY (ARRAY(
      SELECT o.id FROM deliveries o WHERE o.directory_id = subject AND o.id < oldest_kept ORDER BY o.id LIMIT p_limit - deleted));
    GET DIAGNOSTICS removed = ROW_COUNT;
    deleted := deleted + removed;
    DELETE FROM delivery_attempts a USING (
        SELECT o.delivery_id, o.attempt FROM delivery_attempts o WHERE o.directory_id = subject AND o.delivery_id < oldest_kept
        ORDER BY o.delivery_id, o.attempt LIMIT p_limit - deleted) o
      WHERE a.directory_id = subject AND a.delivery_id = o.delivery_id AND a.attempt = o.attempt AND a.delivery_id < oldest_kept;
    GET DIAGNOSTICS removed = ROW_COUNT;
    deleted := deleted + removed;
    -- What they are found by goes with its week: without the pack it tells nothing.
    DELETE FROM scim_request_packs r WHERE r.directory_id = subject AND r.id < oldest_kept AND r.id = ANY (ARRAY(
      SELECT o.id FROM scim_request_packs o WHERE o.directory_id = subject AND o.id < oldest_kept
      ORDER BY o.id LIMIT p_limit - deleted));
    GET DIAGNOSTICS removed = ROW_COUNT;
    deleted := deleted + removed;
    -- This directory may have more: the next call begins with it.
    EXIT WHEN deleted >= p_limit;
    next_after := subject;
    subject := NULL;
  END LOOP;
  RETURN NEXT;
END
$$;
