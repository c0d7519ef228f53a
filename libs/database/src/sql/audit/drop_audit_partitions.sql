-- Drops the months of the audit log that ended more than so many days ago, and never one of the last thirty days: whoever has
-- taken over a process cannot remove what it did. Returns the names of what was dropped.
CREATE OR REPLACE FUNCTION drop_audit_partitions(p_days integer)
RETURNS SETOF text
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
  partition text;
BEGIN
  FOR partition IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'audit_log'::regclass
      AND (to_timestamp(right(c.relname, 6), 'YYYYMM')::timestamp + interval '1 month 1 day') AT TIME ZONE 'UTC'
        < now() - greatest(p_days, 30) * interval '1 day'
  LOOP
    -- Two workers may come at the same time.
    EXECUTE format('DROP TABLE IF EXISTS %I', partition);
    RETURN NEXT partition;
  END LOOP;
END
$$;
