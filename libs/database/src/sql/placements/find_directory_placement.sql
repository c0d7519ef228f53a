-- Where the organization of a directory lives and whether it is being moved; asked in the control cell. No row for a directory that
-- nobody has asked for yet.
CREATE OR REPLACE FUNCTION find_directory_placement(p_directory_id text)
RETURNS TABLE (organization_id text, environment_id text, cell text, state text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT d.organization_id, d.environment_id, p.cell, p.state
FROM directory_placements d
JOIN placements p ON p.environment_id = d.environment_id AND p.organization_id = d.organization_id
WHERE d.directory_id = p_directory_id
$$;
