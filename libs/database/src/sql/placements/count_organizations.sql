-- How many organizations this database has, tombstones left out: a new one goes to the cell that has the fewest.
CREATE OR REPLACE FUNCTION count_organizations()
RETURNS TABLE (organizations bigint)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT count(*) FROM organizations o WHERE o.deleted_time IS NULL
$$;
