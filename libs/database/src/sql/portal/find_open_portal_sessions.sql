-- Which of these portal sessions are open; one that was ended has expired as well.
CREATE OR REPLACE FUNCTION find_open_portal_sessions(p_environment_ids text[], p_ids text[])
RETURNS TABLE (id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT s.id
FROM unnest(p_environment_ids, p_ids) AS w (environment_id, id)
  JOIN portal_sessions s ON s.environment_id = w.environment_id AND s.id = w.id
  JOIN organizations o ON o.environment_id = s.environment_id AND o.id = s.organization_id
WHERE s.expire_time > now() AND s.end_reason IS NULL AND o.deleted_time IS NULL
$$;
