-- The secret of a directory that is reached at an alias, by the hash of its token; no row for an unknown alias, or a token of another
-- directory. Needed on a token's first use only.
CREATE OR REPLACE FUNCTION find_secret_at_alias(p_alias text, p_secret_hash text)
RETURNS TABLE (directory_id text, secret_id text, secret_version integer)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT s.directory_id, s.id, s.secret_version
FROM directory_aliases a JOIN directory_secrets s ON s.environment_id = a.environment_id AND s.directory_id = a.directory_id
WHERE a.alias = p_alias AND s.secret_hash = p_secret_hash
ORDER BY s.id DESC LIMIT 1
$$;
