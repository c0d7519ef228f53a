-- Whether a session of a member is still open, and the member's role in an environment, both held as they are until the transaction
-- ends: what is being changed is done before a sign-out, or a change of roles, is answered, or not at all.
CREATE OR REPLACE FUNCTION hold_member(p_member_id text, p_session_id text, p_environment_id text)
RETURNS TABLE (role text)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
  held member_sessions;
BEGIN
  SELECT s.* INTO held FROM member_sessions s
    WHERE s.member_id = p_member_id AND s.id = p_session_id AND s.end_time IS NULL AND s.expire_time > now() FOR SHARE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  PERFORM 1 FROM member_roles r WHERE r.environment_id = p_environment_id AND r.member_id = p_member_id FOR SHARE;
  RETURN QUERY SELECT (SELECT e.role
    FROM list_member_environments(held.member_id, held.environment_id, held.method, held.second_factor) e
    WHERE e.id = p_environment_id);
END
$$;
