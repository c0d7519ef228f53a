-- The API client of a live secret, before its environment is known; no row when either has ended. An access token of the version
-- before names no secret: then it is the first one of its client, which has the client's own id.
-- touch: the client's last_used_time is a minute old.
CREATE OR REPLACE FUNCTION admit_api_client(p_client_id text, p_secret_id text)
RETURNS TABLE (
  environment_id text, id text, client_id text, name text, scopes text[], organization_id text, key_hash text, touch boolean)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT c.environment_id, c.id, c.client_id, c.name, c.scopes, c.organization_id, s.key_hash,
  c.last_used_time IS NULL OR c.last_used_time < now() - interval '1 minute'
FROM api_client_secrets s JOIN api_clients c ON c.environment_id = s.environment_id AND c.id = s.api_client_id
WHERE s.id = coalesce(p_secret_id, (SELECT x.id FROM api_clients x WHERE x.client_id = p_client_id))
  AND c.revoked_time IS NULL AND (s.expire_time IS NULL OR s.expire_time > now())
$$;
