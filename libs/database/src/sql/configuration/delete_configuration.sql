-- Deletes rows from this cell that the control cell has no longer. An environment stays: with it would go organizations that only this
-- cell has.
CREATE OR REPLACE FUNCTION delete_configuration(p_table text, p_keys text[])
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
  t record;
BEGIN
  SELECT * INTO STRICT t FROM configuration_tables() c WHERE c.table_name = p_table AND c.table_name <> 'environments';
  EXECUTE format('DELETE FROM %I t WHERE %s = ANY ($1) AND %s', t.table_name, configuration_key(t.key_columns), t.copied)
    USING p_keys;
  DELETE FROM copied_rows c WHERE c.table_name = p_table AND c.row_key = ANY (p_keys);
END
$$;
