-- Writes down in the control cell where an organization was found or made. What is written already stays: it may have been moved.
CREATE OR REPLACE FUNCTION keep_placement(p_environment_id text, p_organization_id text, p_cell text)
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
INSERT INTO placements (environment_id, organization_id, cell) VALUES (p_environment_id, p_organization_id, p_cell)
ON CONFLICT DO NOTHING
$$;
