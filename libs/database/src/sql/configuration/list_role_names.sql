-- The names of the roles of each environment, with the one that users have whom nothing gives another: by them rules resolve roles.
CREATE OR REPLACE FUNCTION list_role_names()
RETURNS TABLE (environment_id text, names text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT e.id, jsonb_build_array(e.default_member_role, (
    SELECT jsonb_agg(r.role_name ORDER BY r.role_name) FROM roles r WHERE r.environment_id = e.id))::text
FROM environments e
$$;
