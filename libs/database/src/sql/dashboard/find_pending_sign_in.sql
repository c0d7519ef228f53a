-- Whose half-done sign-in a token is of.
CREATE OR REPLACE FUNCTION find_pending_sign_in(p_token_hash text)
RETURNS TABLE (member_id text, id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT p.member_id, p.id FROM pending_sign_ins p WHERE p.token_hash = p_token_hash
$$;
