-- Whose passkey a credential is.
CREATE OR REPLACE FUNCTION find_member_of_passkey(p_credential_id text)
RETURNS TABLE (member_id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT p.member_id FROM member_passkeys p WHERE p.credential_id = p_credential_id
$$;
