-- The cells in which directories of an organization have lived before it was moved; asked in the control cell.
CREATE OR REPLACE FUNCTION find_past_cells(p_environment_id text, p_organization_id text)
RETURNS TABLE (cell text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT DISTINCT p.cell
FROM directory_placements d JOIN past_placements p ON p.directory_id = d.directory_id
WHERE d.environment_id = p_environment_id AND d.organization_id = p_organization_id
ORDER BY p.cell
$$;
