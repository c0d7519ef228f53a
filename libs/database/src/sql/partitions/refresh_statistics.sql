-- Analyzes each table and partition that is several times as large as when its statistics were taken, and returns their names.
-- Plans that were kept are then made anew. One caller at a time: the others find nothing to do.
CREATE OR REPLACE FUNCTION refresh_statistics()
RETURNS SETOF text
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
  grown text;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('rollcall.refresh_statistics')) THEN RETURN; END IF;
  FOR grown IN
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND pg_has_role(c.relowner, 'USAGE')
      AND pg_relation_size(c.oid) / current_setting('block_size')::integer > greatest(8, 4 * c.relpages)
  LOOP
    EXECUTE format('ANALYZE %I', grown);
    RETURN NEXT grown;
  END LOOP;
END
$$;
