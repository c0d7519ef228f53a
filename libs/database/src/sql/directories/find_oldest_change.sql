-- For how many seconds the oldest change of up to p_limit directories has waited to be published; 0 when none waits. One probe per
-- directory, however many changes. What was set aside counts again after p_set_aside.
CREATE OR REPLACE FUNCTION find_oldest_change(p_limit integer, p_set_aside interval)
RETURNS double precision
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT coalesce(extract(epoch FROM now() - min(c.occurred_at)), 0)::double precision
FROM find_tenants_with_changes('', p_limit, p_set_aside) t
CROSS JOIN LATERAL (
  SELECT ch.occurred_at FROM changes ch WHERE ch.directory_id = t.directory_id
    AND (ch.set_aside_time IS NULL OR ch.set_aside_time < now() - p_set_aside)
  ORDER BY ch.id LIMIT 1) c
$$;
