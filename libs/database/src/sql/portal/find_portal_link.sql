-- The portal link of a token, before its environment is known.
CREATE OR REPLACE FUNCTION find_portal_link(p_token_hash text)
RETURNS TABLE (environment_id text, id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT l.environment_id, l.id FROM portal_links l WHERE l.token_hash = p_token_hash
$$;
