-- The directory of an environment that has this user or group, for callers that know it by its id alone. Each directory is asked along
-- its primary key; none of one that was deleted.
CREATE OR REPLACE FUNCTION find_directory_of_resource(p_environment_id text, p_id text)
RETURNS TABLE (directory_id text, organization_id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT d.id, d.organization_id FROM directories d
WHERE d.environment_id = p_environment_id AND d.deleted_time IS NULL
  AND (EXISTS (SELECT 1 FROM directory_users u WHERE u.directory_id = d.id AND u.id = p_id)
    OR EXISTS (SELECT 1 FROM directory_groups g WHERE g.directory_id = d.id AND g.id = p_id))
LIMIT 1
$$;
