-- The ten characters of Crockford base32 that start every ULID made in the given millisecond.
CREATE OR REPLACE FUNCTION ulid_floor(at timestamptz)
RETURNS text
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
  rest bigint := floor(extract(epoch FROM at) * 1000)::bigint;
  digits text := '';
BEGIN
  FOR i IN 1..10 LOOP
    digits := substr('0123456789abcdefghjkmnpqrstvwxyz', (rest % 32)::int + 1, 1) || digits;
    rest := rest / 32;
  END LOOP;
  RETURN digits;
END
$$;
