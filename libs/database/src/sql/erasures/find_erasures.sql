-- Erasures behind p_after that are not finished, oldest first.
CREATE OR REPLACE FUNCTION find_erasures(p_after text, p_limit integer)
RETURNS TABLE (environment_id text, erasure_id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT x.environment_id, x.id FROM erasures x WHERE x.state <> 'finished' AND x.id > p_after ORDER BY x.id LIMIT p_limit
$$;
