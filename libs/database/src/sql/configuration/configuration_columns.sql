-- What tells whether tables have other columns than when rows were copied into them; without a name all that are copied.
CREATE OR REPLACE FUNCTION configuration_columns(p_table text)
RETURNS text
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT md5(string_agg(t.table_name || '.' || a.attname, ',' ORDER BY t.table_name COLLATE "C", a.attname COLLATE "C"))
FROM configuration_tables() t
JOIN pg_attribute a ON a.attrelid = t.table_name::regclass AND a.attnum > 0 AND NOT a.attisdropped
WHERE p_table IS NULL OR t.table_name = p_table
$$;
