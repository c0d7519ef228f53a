-- When a ULID was made.
CREATE OR REPLACE FUNCTION ulid_time(p_id text)
RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
  ms bigint := 0;
BEGIN
  FOR i IN 1..10 LOOP
    ms := ms * 32 + strpos('0123456789abcdefghjkmnpqrstvwxyz', substr(p_id, i, 1)) - 1;
  END LOOP;
  RETURN to_timestamp(ms / 1000.0);
END
$$;
