-- Writes rows of the control cell into this one, of columns that both have, and notes what they are. When something was used last
-- stays what it is here.
CREATE OR REPLACE FUNCTION write_configuration(p_table text, p_keys text[], p_hashes text[], p_rows jsonb)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
  t record;
  written text;
  changed text;
BEGIN
  SELECT * INTO STRICT t FROM configuration_tables() c WHERE c.table_name = p_table;
  SELECT string_agg(quote_ident(a.attname), ', '),
      string_agg(format('%1$I = excluded.%1$I', a.attname), ', ')
        FILTER (WHERE NOT a.attname = ANY (t.key_columns || '{last_used_time,last_seen_time}'::text[]))
    INTO written, changed
    FROM pg_attribute a WHERE a.attrelid = p_table::regclass AND a.attnum > 0 AND NOT a.attisdropped AND p_rows -> 0 ? a.attname;
  EXECUTE format('INSERT INTO %1$I (%2$s) SELECT %2$s FROM jsonb_populate_recordset(NULL::%1$I, $1)
    ON CONFLICT (%3$s) DO UPDATE SET %4$s', p_table, written, array_to_string(t.key_columns, ', '), changed) USING p_rows;
  INSERT INTO copied_rows (table_name, row_key, row_hash)
    SELECT p_table, r.row_key, r.row_hash || '.' || configuration_columns(p_table) FROM unnest(p_keys, p_hashes) AS r (row_key, row_hash)
    ON CONFLICT (table_name, row_key) DO UPDATE SET row_hash = excluded.row_hash;
END
$$;
