-- Stores a new group with its members and their change rows; 'uniqueness' when another group of the directory has the displayName.
CREATE OR REPLACE FUNCTION scim_add_group(
  p_directory_id text, p_secret_id text, p_secret_version integer, p_request_id text,
  p_id text, p_resource jsonb, p_display_name_key text, p_external_id text, p_members text[], p_with_members boolean,
  OUT state text, OUT touch boolean, OUT outcome text, OUT created timestamptz, OUT members jsonb
)
LANGUAGE plpgsql
AS $$
DECLARE
  strict_mode boolean;
  added text[] := ARRAY[]::text[];
  removed text[] := ARRAY[]::text[];
BEGIN
  PERFORM set_config('rollcall.directory_id', p_directory_id, true), set_config('rollcall.request_id', p_request_id, true),
    set_config('plan_cache_mode', scim_plan_mode(cardinality(p_members)), true);
  SELECT a.state, a.touch, a.strict_mode INTO state, touch, strict_mode
    FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
  IF state <> 'ok' THEN RETURN; END IF;
  created := date_trunc('milliseconds', clock_timestamp());
  INSERT INTO directory_groups (directory_id, id, display_name_key, external_id, created, last_modified, resource)
    VALUES (p_directory_id, p_id, p_display_name_key, p_external_id, created, created, p_resource)
    ON CONFLICT (directory_id, display_name_key) DO NOTHING;
  IF NOT FOUND THEN
    outcome := 'uniqueness';
    RETURN;
  END IF;
  INSERT INTO changes (directory_id, kind, resource_id, resource, groups_delta, occurred_at)
    VALUES (p_directory_id, 'group_written', p_id, p_resource, 1, created);
  IF cardinality(p_members) > 0 THEN
    SELECT s.added, s.removed INTO added, removed
      FROM scim_apply_member_step(p_directory_id, p_id, 'add', p_members, strict_mode, added, removed) s;
    PERFORM scim_record_member_changes(p_directory_id, p_id, added, removed, created);
    IF p_with_members THEN members := scim_members_of(p_directory_id, p_id); END IF;
  END IF;
  outcome := 'ok';
END
$$;
