-- The stored hash of a directory's bearer token; no row for a foreign or unknown token. Needed on a token's first use only.
CREATE OR REPLACE FUNCTION find_directory_secret(p_directory_id text, p_secret_id text)
RETURNS TABLE (secret_hash text, secret_version integer)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT s.secret_hash, s.secret_version FROM directory_secrets s
WHERE s.directory_id = p_directory_id AND s.id = p_secret_id
$$;
