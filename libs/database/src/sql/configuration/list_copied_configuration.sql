-- The rows that this cell has of what is the control cell's, each with what told there whether it has changed when it was copied; null
-- when it was not, or into other columns.
CREATE OR REPLACE FUNCTION list_copied_configuration()
RETURNS TABLE (table_name text, row_key text, row_hash text)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
  t record;
BEGIN
  FOR t IN SELECT * FROM configuration_tables() c ORDER BY c.ordinal LOOP
    RETURN QUERY EXECUTE format('SELECT k.table_name, k.row_key, split_part(c.row_hash, ''.'', 1)
      FROM (SELECT %L AS table_name, %s AS row_key FROM %I t WHERE %s) k
      LEFT JOIN copied_rows c ON c.table_name = k.table_name AND c.row_key = k.row_key AND split_part(c.row_hash, ''.'', 2) = $1',
      t.table_name, configuration_key(t.key_columns), t.table_name, t.copied) USING configuration_columns(t.table_name);
  END LOOP;
END
$$;
