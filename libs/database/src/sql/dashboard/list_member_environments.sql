-- The environments that a session of a member opens, before any of them is chosen, with the member's role there: all of the
-- member's, or the one that the session is for. One that asks for single sign-on opens to nothing else, but for an owner who has
-- signed in with a second factor: nobody is to be locked out by an identity provider that fails.
CREATE OR REPLACE FUNCTION list_member_environments(
  p_member_id text, p_session_environment_id text, p_method text, p_second_factor boolean)
RETURNS TABLE (id text, name text, role text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT e.id, e.name, r.role
FROM member_roles r JOIN environments e ON e.id = r.environment_id
WHERE r.member_id = p_member_id AND (p_session_environment_id IS NULL OR r.environment_id = p_session_environment_id)
  AND (p_method = 'single_sign_on' OR (r.role = 'owner' AND p_second_factor)
    OR NOT EXISTS (SELECT 1 FROM single_sign_on s WHERE s.environment_id = r.environment_id AND s.required))
ORDER BY e.name, e.id
$$;
