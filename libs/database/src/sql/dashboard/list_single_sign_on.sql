-- The first two environments whose members may sign in through an identity provider: where there is one, the page that they sign in
-- at need not be told which.
CREATE OR REPLACE FUNCTION list_single_sign_on()
RETURNS TABLE (environment_id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT s.environment_id FROM single_sign_on s ORDER BY s.environment_id LIMIT 2
$$;
