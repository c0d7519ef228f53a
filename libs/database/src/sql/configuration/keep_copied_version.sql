-- Notes which configuration this cell has a copy of.
CREATE OR REPLACE FUNCTION keep_copied_version(p_version text)
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
INSERT INTO copied_rows (table_name, row_key, row_hash) VALUES ('', '', p_version || '.' || configuration_columns(NULL))
ON CONFLICT (table_name, row_key) DO UPDATE SET row_hash = excluded.row_hash
$$;
