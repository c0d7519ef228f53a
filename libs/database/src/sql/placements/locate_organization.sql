-- Whether an organization is in this database, and whose it is. deleted: a tombstone, which also an organization leaves that was moved
-- away; it counts only if no other cell has the organization.
CREATE OR REPLACE FUNCTION locate_organization(p_organization_id text)
RETURNS TABLE (environment_id text, deleted boolean)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT o.environment_id, o.deleted_time IS NOT NULL FROM organizations o WHERE o.id = p_organization_id
ORDER BY o.deleted_time IS NOT NULL LIMIT 1
$$;
