-- The highest transaction id that events are stored with; null when there is none. A server that gives ids out below it got the
-- database from another one.
CREATE OR REPLACE FUNCTION find_newest_transaction()
RETURNS bigint
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_sort = off
AS $$
SELECT max(n.transaction_id) FROM environments v, LATERAL (
  SELECT e.transaction_id FROM events e WHERE e.environment_id = v.id ORDER BY e.transaction_id DESC LIMIT 1) n
$$;
