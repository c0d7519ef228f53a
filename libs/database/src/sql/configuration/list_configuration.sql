-- The rows of the control cell that every cell has a copy of, each with what tells whether it has changed. When something was used
-- last is each cell's own; a logo gets another id with each change.
CREATE OR REPLACE FUNCTION list_configuration()
RETURNS TABLE (table_name text, row_key text, md5 text)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
  t record;
BEGIN
  FOR t IN SELECT * FROM configuration_tables() c ORDER BY c.ordinal LOOP
    RETURN QUERY EXECUTE format(
      'SELECT %L, %s, md5((to_jsonb(t) - ''{last_used_time,last_seen_time,content}''::text[])::text) FROM %I t WHERE %s',
      t.table_name, configuration_key(t.key_columns), t.table_name, t.copied);
  END LOOP;
END
$$;
