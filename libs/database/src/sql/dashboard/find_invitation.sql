-- The invitation of a token, before its environment is known.
CREATE OR REPLACE FUNCTION find_invitation(p_token_hash text)
RETURNS TABLE (environment_id text, id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT i.environment_id, i.id FROM member_invitations i WHERE i.token_hash = p_token_hash
$$;
