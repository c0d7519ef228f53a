-- Which of these dashboard sessions are open, and their members still in the environment that each looks at.
CREATE OR REPLACE FUNCTION find_open_member_sessions(p_environment_ids text[], p_member_ids text[], p_ids text[])
RETURNS TABLE (environment_id text, id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT w.environment_id, s.id
FROM unnest(p_environment_ids, p_member_ids, p_ids) AS w (environment_id, member_id, id)
  JOIN member_sessions s ON s.member_id = w.member_id AND s.id = w.id
WHERE s.end_time IS NULL AND s.expire_time > now()
  AND EXISTS (SELECT FROM list_member_environments(s.member_id, s.environment_id, s.method, s.second_factor) e
    WHERE e.id = w.environment_id)
$$;
