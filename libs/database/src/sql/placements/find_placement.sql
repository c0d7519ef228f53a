-- Where an organization lives and whether it is being moved; asked in the control cell. No row for one that nobody has asked for yet.
CREATE OR REPLACE FUNCTION find_placement(p_organization_id text)
RETURNS TABLE (environment_id text, cell text, state text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT p.environment_id, p.cell, p.state FROM placements p WHERE p.organization_id = p_organization_id
$$;
