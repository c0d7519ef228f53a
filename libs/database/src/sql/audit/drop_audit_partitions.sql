-- Drops the months of the audit log that ended more than so many days ago, and never one of the last thirty days: whoever has
-- taken over a process cannot remove what it did. Returns the names of what was dropped. Of a name the end is compared as text, as in
-- drop_log_partitions.
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
      AND right(c.relname, 6) COLLATE "C"
        < to_char((now() - (greatest(p_days, 30) + 1) * interval '1 day') AT TIME ZONE 'UTC', 'YYYYMM')
  LOOP
    -- Two workers may come at the same time.
    EXECUTE format('DROP TABLE IF EXISTS %I', partition);
    RETURN NEXT partition;
  END LOOP;
END
$$;
