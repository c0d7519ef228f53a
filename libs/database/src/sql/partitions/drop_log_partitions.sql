-- Drops the partitions that ended before the given time, which lies a day back at least: whoever may call this can end the log's
-- past, never its present. Returns their names. Of a name the end is compared as text, which works for every relation that a plan
-- may look at, also for one that is no partition.
CREATE OR REPLACE FUNCTION drop_log_partitions(before timestamptz)
RETURNS SETOF text
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
  partition text;
BEGIN
  IF before > now() - interval '1 day' THEN
    RAISE invalid_parameter_value USING MESSAGE = 'the log of the last day is not dropped';
  END IF;
  FOR partition IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent IN ('events'::regclass, 'deliveries'::regclass, 'delivery_attempts'::regclass, 'scim_request_packs'::regclass,
        'scim_request_keys'::regclass)
      AND right(c.relname, 8) COLLATE "C" <= to_char((before - interval '8 days') AT TIME ZONE 'UTC', 'YYYYMMDD')
  LOOP
    -- Two workers may come at the same time.
    EXECUTE format('DROP TABLE IF EXISTS %I', partition);
    RETURN NEXT partition;
  END LOOP;
END
$$;
