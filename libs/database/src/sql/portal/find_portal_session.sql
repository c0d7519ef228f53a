-- The session of a portal cookie, before its environment is known.
CREATE OR REPLACE FUNCTION find_portal_session(p_token_hash text)
RETURNS TABLE (environment_id text, id text, organization_id text, features text[], expire_time timestamptz)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT s.environment_id, s.id, s.organization_id, s.features, s.expire_time
FROM portal_sessions s WHERE s.token_hash = p_token_hash
$$;
