-- The hash of a live secret of a live API client, before its environment is known: the secret of the given id, or without such a
-- one the client's first, which has the client's own id (somebody may have chosen it, and then it holds no id).
CREATE OR REPLACE FUNCTION find_api_client_secret(p_client_id text, p_secret_id text)
RETURNS TABLE (environment_id text, api_client_id text, secret_id text, secret_hash text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT c.environment_id, c.id, s.id, s.secret_hash
FROM api_clients c JOIN api_client_secrets s ON s.environment_id = c.environment_id AND s.api_client_id = c.id
WHERE c.client_id = p_client_id AND c.revoked_time IS NULL
  AND s.id IN (c.id, p_secret_id) AND (s.expire_time IS NULL OR s.expire_time > now())
ORDER BY s.id = c.id LIMIT 1
$$;
