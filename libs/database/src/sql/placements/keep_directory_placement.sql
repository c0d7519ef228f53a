-- Writes down in the control cell to which organization a directory belongs, once.
CREATE OR REPLACE FUNCTION keep_directory_placement(p_directory_id text, p_environment_id text, p_organization_id text)
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
INSERT INTO directory_placements (directory_id, environment_id, organization_id)
VALUES (p_directory_id, p_environment_id, p_organization_id)
ON CONFLICT DO NOTHING
$$;
