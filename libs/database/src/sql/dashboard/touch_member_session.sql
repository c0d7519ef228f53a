-- Notes that a session was used: it stays open for so long from now on, but not beyond its end. Writes nothing when that was noted
-- within the last minute.
CREATE OR REPLACE FUNCTION touch_member_session(p_member_id text, p_session_id text, p_idle_seconds integer)
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
WITH touched AS (
  UPDATE member_sessions SET last_seen_time = now(), expire_time = least(end_by, now() + make_interval(secs => p_idle_seconds))
  WHERE member_id = p_member_id AND id = p_session_id AND end_time IS NULL AND expire_time > now()
    AND last_seen_time < now() - interval '1 minute'
  RETURNING member_id
)
UPDATE members m SET last_seen_time = now() FROM touched t WHERE m.id = t.member_id
$$;
