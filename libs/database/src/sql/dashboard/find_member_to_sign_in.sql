-- The member of an e-mail address and the hash that a password must match, before anything is known of who asks. familiar: the
-- member has signed in from that address within the last 30 days, with something of its own: an environment's identity provider says
-- who somebody is from wherever it likes.
CREATE OR REPLACE FUNCTION find_member_to_sign_in(p_email_key text, p_address_block text)
RETURNS TABLE (id text, email text, password_hash text, password_version integer, has_second_factor boolean, familiar boolean)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT m.id, m.email, c.password_hash, c.password_version, m.has_second_factor,
  EXISTS (SELECT 1 FROM member_sessions s WHERE s.member_id = m.id AND s.address_block = p_address_block
    AND s.method <> 'single_sign_on' AND s.create_time > now() - interval '30 days')
FROM members m LEFT JOIN member_credentials c ON c.member_id = m.id
WHERE m.email_key = p_email_key
$$;
