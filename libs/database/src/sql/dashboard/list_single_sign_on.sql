-- The environments whose members may sign in through an identity provider, for the page that they sign in at.
CREATE OR REPLACE FUNCTION list_single_sign_on()
RETURNS TABLE (environment_id text, name text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT s.environment_id, s.name FROM single_sign_on s ORDER BY s.environment_id LIMIT 100
$$;
