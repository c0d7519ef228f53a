-- What tells whether anything has changed in the control cell that every cell has a copy of.
CREATE OR REPLACE FUNCTION hash_configuration()
RETURNS text
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT md5(concat((SELECT i.sealed_pepper FROM installation i),
  string_agg(c.table_name || c.row_key || c.md5, ',' ORDER BY c.table_name COLLATE "C", c.row_key COLLATE "C")))
FROM list_configuration() c
$$;
