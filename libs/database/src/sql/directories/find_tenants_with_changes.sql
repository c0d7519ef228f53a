-- Directories with pending changes and whose they are, found by skipping through the primary key (one probe per directory, however
-- many changes). What was set aside counts again after p_set_aside.
CREATE OR REPLACE FUNCTION find_tenants_with_changes(p_after text, p_limit integer, p_set_aside interval)
RETURNS TABLE (environment_id text, organization_id text, directory_id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
WITH RECURSIVE pending AS (
  (SELECT c.directory_id FROM changes c WHERE c.directory_id > p_after
    AND (c.set_aside_time IS NULL OR c.set_aside_time < now() - p_set_aside)
    ORDER BY c.directory_id LIMIT 1)
  UNION ALL
  SELECT (SELECT c.directory_id FROM changes c WHERE c.directory_id > p.directory_id
    AND (c.set_aside_time IS NULL OR c.set_aside_time < now() - p_set_aside)
    ORDER BY c.directory_id LIMIT 1)
  FROM pending p WHERE p.directory_id IS NOT NULL
)
SELECT d.environment_id, d.organization_id, d.directory_id
FROM (SELECT p.directory_id FROM pending p WHERE p.directory_id IS NOT NULL LIMIT p_limit) f
JOIN directory_counters d ON d.directory_id = f.directory_id ORDER BY d.directory_id
$$;
