-- The change of the environment that has waited longest to be published, among its up to p_limit newest directories; no row when none
-- waits. One probe per directory, however many changes. The environment is that of the transaction: a change is seen in its
-- directory alone, and this looks at many.
CREATE OR REPLACE FUNCTION find_oldest_change_of_environment(p_limit integer)
RETURNS TABLE (directory_id text, organization_id text, occurred_at timestamptz)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT d.id, d.organization_id, c.occurred_at
FROM (SELECT o.id, o.organization_id FROM directories o
    WHERE o.environment_id = nullif(current_setting('rollcall.environment_id', true), '') ORDER BY o.id DESC LIMIT p_limit) d
CROSS JOIN LATERAL (SELECT h.occurred_at FROM changes h WHERE h.directory_id = d.id ORDER BY h.id LIMIT 1) c
ORDER BY c.occurred_at LIMIT 1
$$;
