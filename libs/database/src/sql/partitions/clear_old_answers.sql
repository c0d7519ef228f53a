-- Clears what receivers answered more than so many days ago, up to p_limit attempts, oldest first; the status stays. Returns how many.
CREATE OR REPLACE FUNCTION clear_old_answers(p_days integer, p_limit integer)
RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_sort = off
AS $$
DECLARE
  before timestamptz := now() - p_days * interval '1 day';
  cleared bigint;
BEGIN
  -- An attempt comes after its delivery, whose id is a time.
  UPDATE delivery_attempts a SET response_body = '', response_headers = '{}' FROM (
      SELECT o.directory_id, o.delivery_id, o.attempt FROM delivery_attempts o
      WHERE (o.response_body <> '' OR o.response_headers <> '{}') AND o.delivery_id < ulid_floor(before) AND o.start_time < before
      ORDER BY o.delivery_id LIMIT p_limit) o
    WHERE a.directory_id = o.directory_id AND a.delivery_id = o.delivery_id AND a.attempt = o.attempt;
  GET DIAGNOSTICS cleared = ROW_COUNT;
  RETURN cleared;
END
$$;
