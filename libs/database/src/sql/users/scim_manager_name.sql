-- The name of the user of this directory whom p_resource, a user, has as manager; null when it is none, or has no name. As the
-- `name` of an event: displayName, else given and family name, else formatted, else what there is of the two. The caller has set
-- the tenant.
CREATE OR REPLACE FUNCTION scim_manager_name(p_directory_id text, p_resource jsonb)
RETURNS text
LANGUAGE plpgsql STABLE
AS $$
DECLARE
  manager_id text := p_resource #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,value}';
  manager jsonb;
  given text;
  family text;
BEGIN
  IF manager_id IS NULL THEN RETURN NULL; END IF;
  SELECT u.resource INTO manager FROM directory_users u WHERE u.directory_id = p_directory_id AND u.id = manager_id;
  IF NOT FOUND THEN RETURN NULL; END IF;
  given := nullif(manager #>> '{name,givenName}', '');
  family := nullif(manager #>> '{name,familyName}', '');
  RETURN left(coalesce(nullif(manager ->> 'displayName', ''), given || ' ' || family, nullif(manager #>> '{name,formatted}', ''),
    given, family), 1000);
END
$$;
