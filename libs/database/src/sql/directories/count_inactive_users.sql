-- How many users of a directory are inactive, as its identity provider sent them; by an index that has no others.
CREATE OR REPLACE FUNCTION count_inactive_users(p_environment_id text, p_directory_id text)
RETURNS bigint
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT count(*) FROM directory_users u
WHERE u.directory_id = p_directory_id AND NOT u.active
  AND EXISTS (SELECT 1 FROM directory_counters c WHERE c.directory_id = p_directory_id AND c.environment_id = p_environment_id)
$$;
