-- Locks the user's groups, then the user (the order of all writers); a membership that arrived in between is a
-- serialization failure, which the caller retries.
CREATE OR REPLACE FUNCTION scim_remove_user(
  p_directory_id text, p_secret_id text, p_secret_version integer, p_request_id text, p_id text, p_expected_version integer,
  OUT state text, OUT touch boolean, OUT outcome text
)
LANGUAGE plpgsql
AS $$
DECLARE
  group_ids text[];
  left_group_id text;
  current_version integer;
  current_email_keys text[];
  deleted_at timestamptz := date_trunc('milliseconds', clock_timestamp());
BEGIN
  PERFORM set_config('rollcall.directory_id', p_directory_id, true), set_config('rollcall.request_id', p_request_id, true),
    set_config('plan_cache_mode', 'force_generic_plan', true);
  SELECT a.state, a.touch INTO state, touch FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
  IF state <> 'ok' THEN RETURN; END IF;
  group_ids := ARRAY(
    SELECT g.id FROM (
      SELECT m.group_id FROM memberships m
      WHERE m.directory_id = p_directory_id AND m.member_id = p_id ORDER BY m.group_id) held, LATERAL (
      SELECT d.id FROM directory_groups d WHERE d.directory_id = p_directory_id AND d.id = held.group_id
      LIMIT 1 FOR NO KEY UPDATE) g);
  SELECT u.version, u.email_keys INTO current_version, current_email_keys FROM directory_users u
    WHERE u.directory_id = p_directory_id AND u.id = p_id FOR UPDATE;
  IF NOT FOUND THEN
    outcome := 'missing';
    RETURN;
  ELSIF current_version <> p_expected_version THEN
    outcome := 'conflict';
    RETURN;
  END IF;
  IF EXISTS (SELECT 1 FROM memberships m, LATERAL (
      SELECT 1 FROM directory_groups d WHERE d.directory_id = p_directory_id AND d.id = m.group_id LIMIT 1) g
      WHERE m.directory_id = p_directory_id AND m.member_id = p_id AND NOT m.group_id = ANY (group_ids)) THEN
    RAISE serialization_failure USING MESSAGE = 'the user joined a group while being deleted';
  END IF;
  DELETE FROM memberships m WHERE m.directory_id = p_directory_id AND m.member_id = p_id;
  FOREACH left_group_id IN ARRAY group_ids LOOP
    UPDATE directory_groups g SET version = g.version + 1, last_modified = deleted_at
      WHERE g.directory_id = p_directory_id AND g.id = left_group_id;
  END LOOP;
  DELETE FROM directory_user_emails e
    WHERE e.directory_id = p_directory_id AND e.user_id = p_id AND e.value_key = ANY (current_email_keys);
  DELETE FROM directory_users u WHERE u.directory_id = p_directory_id AND u.id = p_id;
  INSERT INTO changes (directory_id, kind, resource_id, users_delta, occurred_at)
    VALUES (p_directory_id, 'user_deleted', p_id, -1, deleted_at);
  outcome := 'ok';
END
$$;
