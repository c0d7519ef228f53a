-- The organizations that are being moved, with where from and where to; asked in the control cell.
CREATE OR REPLACE FUNCTION find_moving_organizations()
RETURNS TABLE (environment_id text, organization_id text, cell text, state text, to_cell text, update_time timestamptz)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT p.environment_id, p.organization_id, p.cell, p.state, p.to_cell, p.update_time
FROM placements p WHERE p.state <> 'settled' ORDER BY p.organization_id
$$;
