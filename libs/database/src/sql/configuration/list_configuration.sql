-- The rows of the control cell that every cell has a copy of, each with what tells whether it has changed. When something was used
-- last is each cell's own; a logo gets another id with each change.
CREATE OR REPLACE FUNCTION list_configuration()
RETURNS TABLE (table_name text, row_key text, row_hash text)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
  t record;
  compared text;
BEGIN
  FOR t IN SELECT * FROM configuration_tables() c ORDER BY c.ordinal LOOP
    SELECT string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum) INTO compared FROM pg_attribute a
      WHERE a.attrelid = t.table_name::regclass AND a.attnum > 0 AND NOT a.attisdropped
        AND NOT a.attname = ANY ('{last_used_time,last_seen_time,content}');
    RETURN QUERY EXECUTE format('SELECT %L, %s, hash_record_extended(ROW(%s), 0)::text FROM %I t WHERE %s',
      t.table_name, configuration_key(t.key_columns), compared, t.table_name, t.copied);
  END LOOP;
END
$$;
