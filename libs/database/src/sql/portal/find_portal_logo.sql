-- The environment of a logo: a browser asks for it by its id alone.
CREATE OR REPLACE FUNCTION find_portal_logo(p_id text)
RETURNS TABLE (environment_id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT l.environment_id FROM portal_logos l WHERE l.id = p_id
$$;
