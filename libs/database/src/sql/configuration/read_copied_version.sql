-- The hash of the configuration that this cell has a copy of; null when it has none, or had other columns then.
CREATE OR REPLACE FUNCTION read_copied_version()
RETURNS TABLE (version text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT split_part(c.row_hash, '.', 1) FROM copied_rows c
WHERE c.table_name = '' AND c.row_key = '' AND split_part(c.row_hash, '.', 2) = configuration_columns(NULL)
$$;
