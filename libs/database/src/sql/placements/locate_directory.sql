-- Whether a directory is in this database, and whose it is. deleted: a tombstone, which also a directory leaves that was moved away
-- with its organization; it counts only if no other cell has the directory.
CREATE OR REPLACE FUNCTION locate_directory(p_directory_id text)
RETURNS TABLE (environment_id text, organization_id text, deleted boolean)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT d.environment_id, d.organization_id, d.deleted_time IS NOT NULL
FROM directory_counters c JOIN directories d ON d.environment_id = c.environment_id AND d.id = c.directory_id
WHERE c.directory_id = p_directory_id
$$;
