-- The tenant of a directory, for a worker that holds only its id.
CREATE OR REPLACE FUNCTION find_directory_tenant(p_directory_id text)
RETURNS TABLE (environment_id text, organization_id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT c.environment_id, c.organization_id FROM directory_counters c WHERE c.directory_id = p_directory_id
$$;
