-- What tells whether anything has changed in the control cell that every cell has a copy of; whatever the order of its rows.
CREATE OR REPLACE FUNCTION hash_configuration()
RETURNS text
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT md5(concat_ws(',', (SELECT i.sealed_pepper FROM installation i), count(*),
  bit_xor(hashtextextended(c.table_name || c.row_key, c.row_hash::bigint))))
FROM list_configuration() c
$$;
