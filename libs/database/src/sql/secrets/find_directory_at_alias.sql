-- The directory that is reached at an alias, and its secret by the hash of a token; without the secret for a token of another directory,
-- and no row for an unknown alias. Needed on a token's first use, and for what is refused.
CREATE OR REPLACE FUNCTION find_directory_at_alias(p_alias text, p_secret_hash text)
RETURNS TABLE (directory_id text, secret_id text, secret_version integer)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT a.directory_id, s.id, s.secret_version
FROM directory_aliases a
LEFT JOIN directory_secrets s
  ON s.environment_id = a.environment_id AND s.directory_id = a.directory_id AND s.secret_hash = p_secret_hash
WHERE a.alias = p_alias
ORDER BY s.id DESC LIMIT 1
$$;
