-- The API client of a client id, before its environment is known.
CREATE OR REPLACE FUNCTION find_api_client(p_client_id text)
RETURNS TABLE (environment_id text, id text, secret_hash text, secret_version integer, revoked boolean)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT c.environment_id, c.id, c.secret_hash, c.secret_version, c.revoked_time IS NOT NULL
FROM api_clients c WHERE c.client_id = p_client_id
$$;
