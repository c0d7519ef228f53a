-- Which of pairs of a directory and a user or group of it there are in an environment, the n-th directory with the n-th resource.
-- Each is asked along its primary key; none of a directory that was deleted.
CREATE OR REPLACE FUNCTION find_imported_resources(p_environment_id text, p_directory_ids text[], p_ids text[])
RETURNS TABLE (id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT c.id FROM unnest(p_directory_ids, p_ids) AS c (directory_id, id)
JOIN directories d ON d.environment_id = p_environment_id AND d.id = c.directory_id AND d.deleted_time IS NULL
WHERE EXISTS (SELECT 1 FROM directory_users u WHERE u.directory_id = c.directory_id AND u.id = c.id)
  OR EXISTS (SELECT 1 FROM directory_groups g WHERE g.directory_id = c.directory_id AND g.id = c.id)
$$;
