-- The API client of a client id, before its environment is known, with its newest secret: to learn whether there is one. Who it lets in
-- is for find_api_client_secret and admit_api_client to say.
CREATE OR REPLACE FUNCTION find_api_client(p_client_id text)
RETURNS TABLE (environment_id text, id text, secret_hash text, secret_version integer, revoked boolean)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT c.environment_id, c.id, coalesce(s.secret_hash, c.secret_hash), c.secret_version, c.revoked_time IS NOT NULL
FROM api_clients c LEFT JOIN LATERAL (
  SELECT x.secret_hash FROM api_client_secrets x
  WHERE x.environment_id = c.environment_id AND x.api_client_id = c.id AND (x.expire_time IS NULL OR x.expire_time > now())
  ORDER BY x.id DESC LIMIT 1) s ON true
WHERE c.client_id = p_client_id
$$;
