-- Stores a new user together with its change row; 'uniqueness' when another user of the directory has the userName.
CREATE OR REPLACE FUNCTION scim_add_user(
  p_directory_id text, p_secret_id text, p_secret_version integer, p_request_id text,
  p_id text, p_resource jsonb, p_user_name_key text, p_external_id text, p_display_name_key text,
  p_active boolean, p_email_keys text[],
  OUT state text, OUT touch boolean, OUT outcome text, OUT created timestamptz, OUT manager_name text
)
LANGUAGE plpgsql
AS $$
DECLARE
  settings text;
  admission record;
BEGIN
  settings := set_config('rollcall.request_id', p_request_id, true);
  admission := scim_admit(p_directory_id, p_secret_id, p_secret_version);
  state := admission.state;
  touch := admission.touch;
  IF state <> 'ok' THEN RETURN; END IF;
  created := date_trunc('milliseconds', clock_timestamp());
  INSERT INTO directory_users (directory_id, id, user_name_key, external_id, display_name_key, email_keys, active,
      created, last_modified, resource)
    VALUES (p_directory_id, p_id, p_user_name_key, p_external_id, p_display_name_key, p_email_keys, p_active,
      created, created, p_resource)
    ON CONFLICT (directory_id, user_name_key) DO NOTHING;
  IF NOT FOUND THEN
    outcome := 'uniqueness';
    RETURN;
  END IF;
  INSERT INTO directory_user_emails (directory_id, value_key, user_id)
    SELECT p_directory_id, key, p_id FROM unnest(p_email_keys) AS key;
  INSERT INTO changes (directory_id, kind, resource_id, resource, users_delta, occurred_at)
    VALUES (p_directory_id, 'user_written', p_id, p_resource, 1, created);
  manager_name := scim_manager_name(p_directory_id, p_resource);
  outcome := 'ok';
END
$$;
