-- A user's resource as answers show it: its manager has the name that the manager has in this directory. The caller has set the tenant.
CREATE OR REPLACE FUNCTION scim_show_user(p_directory_id text, p_resource jsonb)
RETURNS jsonb
LANGUAGE plpgsql STABLE
AS $$
DECLARE
  manager_name text := scim_manager_name(p_directory_id, p_resource);
BEGIN
  IF manager_name IS NULL THEN RETURN p_resource; END IF;
  RETURN jsonb_set(p_resource, '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,displayName}',
    to_jsonb(manager_name));
END
$$;
