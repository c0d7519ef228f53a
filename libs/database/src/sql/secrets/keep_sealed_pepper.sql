-- The installation's sealed pepper: the one that is stored, or else the given one, which is stored. No row before there is one.
CREATE OR REPLACE FUNCTION keep_sealed_pepper(p_sealed text)
RETURNS TABLE (sealed text)
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
UPDATE installation SET sealed_pepper = coalesce(sealed_pepper, p_sealed) RETURNING sealed_pepper
$$;
