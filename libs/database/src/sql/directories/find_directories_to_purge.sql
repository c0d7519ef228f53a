-- Deleted directories whose resources are still stored; another some each time, so that none keeps the others waiting.
CREATE OR REPLACE FUNCTION find_directories_to_purge(p_limit integer)
RETURNS TABLE (environment_id text, directory_id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT d.environment_id, d.id FROM directories d WHERE d.deleted_time IS NOT NULL AND d.purged_time IS NULL
ORDER BY random() LIMIT p_limit
$$;
