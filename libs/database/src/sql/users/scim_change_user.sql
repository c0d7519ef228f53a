-- Replaces the resource if it is still at p_expected_version, compared and replaced in one statement: locking the row first would
-- write to its page and to the WAL twice. `old` is at the expected version too: versions only grow, the caller has read that one,
-- and no other came until the row was locked. A taken userName raises unique_violation (constraint directory_users_user_name),
-- which undoes the whole call.
CREATE OR REPLACE FUNCTION scim_change_user(
  p_directory_id text, p_secret_id text, p_secret_version integer, p_request_id text,
  p_id text, p_expected_version integer, p_resource jsonb, p_user_name_key text, p_external_id text,
  p_display_name_key text, p_active boolean, p_email_keys text[],
  OUT state text, OUT touch boolean, OUT outcome text, OUT version integer, OUT last_modified timestamptz,
  OUT manager_name text
)
LANGUAGE plpgsql
AS $$
DECLARE
  settings text;
  admission record;
  email_keys_before text[];
BEGIN
  settings := set_config('rollcall.request_id', p_request_id, true);
  admission := scim_admit(p_directory_id, p_secret_id, p_secret_version);
  state := admission.state;
  touch := admission.touch;
  IF state <> 'ok' THEN RETURN; END IF;
  last_modified := date_trunc('milliseconds', clock_timestamp());
  -- Who keeps the name keeps the key, also one that is not as names are folded now because another user has that.
  UPDATE directory_users u SET external_id = p_external_id,
      user_name_key = CASE WHEN u.resource ->> 'userName' = p_resource ->> 'userName' THEN u.user_name_key ELSE p_user_name_key END,
      display_name_key = p_display_name_key, email_keys = p_email_keys, active = p_active,
      version = u.version + 1, last_modified = scim_change_user.last_modified, resource = p_resource
    FROM (
      SELECT d.email_keys FROM directory_users d WHERE d.directory_id = p_directory_id AND d.id = p_id LIMIT 1) old
    WHERE u.directory_id = p_directory_id AND u.id = p_id AND u.version = p_expected_version
    RETURNING u.version, old.email_keys INTO version, email_keys_before;
  IF NOT FOUND THEN
    outcome := CASE WHEN EXISTS (
      SELECT 1 FROM directory_users u WHERE u.directory_id = p_directory_id AND u.id = p_id) THEN 'conflict' ELSE 'missing' END;
    RETURN;
  END IF;
  IF email_keys_before IS DISTINCT FROM p_email_keys THEN
    DELETE FROM directory_user_emails e
      WHERE e.directory_id = p_directory_id AND e.user_id = p_id AND e.value_key = ANY (email_keys_before);
    INSERT INTO directory_user_emails (directory_id, value_key, user_id)
      SELECT p_directory_id, key, p_id FROM unnest(p_email_keys) AS key;
  END IF;
  INSERT INTO changes (directory_id, kind, resource_id, resource, occurred_at)
    VALUES (p_directory_id, 'user_written', p_id, p_resource, last_modified);
  manager_name := scim_manager_name(p_directory_id, p_resource);
  outcome := 'ok';
END
$$;
