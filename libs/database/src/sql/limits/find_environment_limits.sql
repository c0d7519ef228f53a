-- The limits of their own that the environments of some directories have; a directory whose environment has none is left out.
CREATE OR REPLACE FUNCTION find_environment_limits(p_directory_ids text[], p_environment_ids text[])
RETURNS TABLE (id text, limits jsonb)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
  RETURN QUERY SELECT w.id, e.limits FROM unnest(p_directory_ids) AS w (id), LATERAL (
      SELECT s.environment_id FROM directory_secrets s WHERE s.directory_id = w.id LIMIT 1) s
    JOIN environments e ON e.id = s.environment_id WHERE e.limits IS NOT NULL;
  RETURN QUERY SELECT e.id, e.limits FROM environments e
    WHERE e.id = ANY (p_environment_ids) AND e.limits IS NOT NULL;
END
$$;
