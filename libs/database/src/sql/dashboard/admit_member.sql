-- The open session of a dashboard cookie and its member, before the environment is known; role: what the member may do in the
-- environment that is asked for, null when that is nothing. touch: the last use that was noted is a minute old.
CREATE OR REPLACE FUNCTION admit_member(p_token_hash text, p_environment_id text)
RETURNS TABLE (session_id text, session_environment_id text, method text, second_factor boolean, member_id text,
  name text, email text, role text, expire_time timestamptz, confirmed_time timestamptz, touch boolean)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT s.id, s.environment_id, s.method, s.second_factor, m.id, m.name, m.email,
  (SELECT e.role FROM list_member_environments(m.id, s.environment_id, s.method, s.second_factor) e
    WHERE e.id = p_environment_id),
  s.expire_time, s.confirmed_time, s.last_seen_time < now() - interval '1 minute'
FROM member_sessions s JOIN members m ON m.id = s.member_id
WHERE s.token_hash = p_token_hash AND s.end_time IS NULL AND s.expire_time > now()
$$;
