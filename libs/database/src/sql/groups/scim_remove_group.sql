-- The group's membership rows stay behind, invisible, for the drain to remove in slices.
CREATE OR REPLACE FUNCTION scim_remove_group(
  p_directory_id text, p_secret_id text, p_secret_version integer, p_request_id text, p_id text, p_expected_version integer,
  OUT state text, OUT touch boolean, OUT outcome text
)
LANGUAGE plpgsql
AS $$
DECLARE
  current_version integer;
BEGIN
  PERFORM set_config('rollcall.directory_id', p_directory_id, true), set_config('rollcall.request_id', p_request_id, true),
    set_config('plan_cache_mode', 'force_generic_plan', true);
  SELECT a.state, a.touch INTO state, touch FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
  IF state <> 'ok' THEN RETURN; END IF;
  SELECT g.version INTO current_version FROM directory_groups g
    WHERE g.directory_id = p_directory_id AND g.id = p_id FOR UPDATE;
  IF NOT FOUND THEN
    outcome := 'missing';
    RETURN;
  ELSIF current_version <> p_expected_version THEN
    outcome := 'conflict';
    RETURN;
  END IF;
  DELETE FROM directory_groups g WHERE g.directory_id = p_directory_id AND g.id = p_id;
  INSERT INTO changes (directory_id, kind, resource_id, groups_delta, occurred_at)
    VALUES (p_directory_id, 'group_deleted', p_id, -1, date_trunc('milliseconds', clock_timestamp()));
  outcome := 'ok';
END
$$;
