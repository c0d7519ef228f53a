-- Directories after p_after whose search terms are due to be compared with what is published, and how often they are still.
CREATE OR REPLACE FUNCTION find_search_term_checks(p_after text, p_limit integer)
RETURNS TABLE (environment_id text, directory_id text, checks_left smallint)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT c.environment_id, c.directory_id, c.terms_checks_left FROM directory_counters c
WHERE c.directory_id > p_after AND c.terms_checks_left > 0 AND c.terms_check_time <= now()
ORDER BY c.directory_id LIMIT p_limit
$$;
