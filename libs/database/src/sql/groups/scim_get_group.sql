-- A group, with its members when they are wanted; 'missing' when there is none.
CREATE OR REPLACE FUNCTION scim_get_group(
  p_directory_id text, p_secret_id text, p_secret_version integer, p_id text, p_with_members boolean,
  OUT state text, OUT touch boolean, OUT strict_mode boolean, OUT outcome text,
  OUT version integer, OUT created timestamptz, OUT last_modified timestamptz, OUT resource jsonb, OUT members jsonb
)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
  PERFORM set_config('rollcall.directory_id', p_directory_id, true), set_config('plan_cache_mode', 'force_generic_plan', true);
  SELECT a.state, a.touch, a.strict_mode INTO state, touch, strict_mode
    FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
  IF state <> 'ok' THEN RETURN; END IF;
  SELECT g.version, g.created, g.last_modified, g.resource INTO version, created, last_modified, resource
    FROM directory_groups g WHERE g.directory_id = p_directory_id AND g.id = p_id;
  IF NOT FOUND THEN
    outcome := 'missing';
    RETURN;
  END IF;
  IF p_with_members THEN members := scim_members_of(p_directory_id, p_id); END IF;
  outcome := 'ok';
END
$$;
