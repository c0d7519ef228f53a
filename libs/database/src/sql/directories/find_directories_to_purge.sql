-- Deleted directories whose resources are still stored.
CREATE OR REPLACE FUNCTION find_directories_to_purge(p_limit integer)
RETURNS TABLE (environment_id text, directory_id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT d.environment_id, d.id FROM directories d WHERE d.deleted_time IS NOT NULL AND d.purged_time IS NULL LIMIT p_limit
$$;
