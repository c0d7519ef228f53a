-- A user as it is stored, with its group references, as scim_groups_of returns them, and the name of its manager; 'missing' when
-- there is no such user.
CREATE OR REPLACE FUNCTION scim_load_user(
  p_directory_id text, p_secret_id text, p_secret_version integer, p_id text,
  OUT state text, OUT touch boolean, OUT strict_mode boolean, OUT outcome text,
  OUT version integer, OUT created timestamptz, OUT last_modified timestamptz, OUT resource jsonb, OUT groups jsonb,
  OUT manager_name text
)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
  admission record;
BEGIN
  admission := scim_admit(p_directory_id, p_secret_id, p_secret_version);
  state := admission.state;
  touch := admission.touch;
  strict_mode := admission.strict_mode;
  IF state <> 'ok' THEN RETURN; END IF;
  SELECT u.version, u.created, u.last_modified, u.resource, (
      SELECT jsonb_agg(jsonb_build_object('value', g.id, 'display', g.display)) FROM (
        SELECT m.group_id FROM memberships m
        WHERE m.directory_id = p_directory_id AND m.member_id = u.id ORDER BY m.group_id) held, LATERAL (
        SELECT d.id, d.resource->>'displayName' AS display FROM directory_groups d
        WHERE d.directory_id = p_directory_id AND d.id = held.group_id LIMIT 1) g)
    INTO version, created, last_modified, resource, groups
    FROM directory_users u WHERE u.directory_id = p_directory_id AND u.id = p_id;
  outcome := CASE WHEN FOUND THEN 'ok' ELSE 'missing' END;
  manager_name := scim_manager_name(p_directory_id, resource);
END
$$;
