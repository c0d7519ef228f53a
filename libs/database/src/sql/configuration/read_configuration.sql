-- Rows of the control cell that every cell has a copy of, by their keys.
CREATE OR REPLACE FUNCTION read_configuration(p_table text, p_keys text[])
RETURNS TABLE (row_key text, content jsonb)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
  t record;
BEGIN
  SELECT * INTO STRICT t FROM configuration_tables() c WHERE c.table_name = p_table;
  RETURN QUERY EXECUTE format('SELECT k.row_key, k.content FROM (SELECT %s AS row_key, to_jsonb(t) AS content FROM %I t WHERE %s) k
    WHERE k.row_key = ANY ($1)', configuration_key(t.key_columns), t.table_name, t.copied) USING p_keys;
END
$$;
