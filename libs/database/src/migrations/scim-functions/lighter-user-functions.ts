/**
 * The user functions of every request (see USER_FUNCTIONS for the rules they keep), with few statements: PL/pgSQL starts a
 * statement for every SELECT and PERFORM, but evaluates an assignment of a function's value directly.
 */
export const LIGHTER_USER_FUNCTIONS: Record<string, string> = {
  // Whether a token whose hash was verified may act now. state: ok | unknown | revoked | expired | disabled | feature_off.
  // touch: the secret's last_used_time is a minute old, or the directory has never been reached.
  'authorize_directory_secret(text, text, integer)': `CREATE FUNCTION authorize_directory_secret(
      p_directory_id text, p_secret_id text, p_secret_version integer,
      OUT state text, OUT touch boolean, OUT strict_mode boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      SELECT d.strict_mode,
          CASE
            WHEN s.revoked_time <= now() THEN 'revoked'
            WHEN s.expire_time <= now() THEN 'expired'
            WHEN NOT o.dir_sync_enabled THEN 'feature_off'
            WHEN NOT d.enabled THEN 'disabled'
            ELSE 'ok' END,
          d.first_request_time IS NULL OR s.last_used_time IS NULL OR s.last_used_time < now() - interval '1 minute'
        INTO strict_mode, state, touch
        FROM directory_secrets s, LATERAL (
          SELECT x.organization_id, x.enabled, x.strict_mode, x.first_request_time FROM directories x
          WHERE x.environment_id = s.environment_id AND x.id = p_directory_id AND x.deleted_time IS NULL LIMIT 1) d, LATERAL (
          SELECT x.dir_sync_enabled FROM organizations x
          WHERE x.environment_id = s.environment_id AND x.id = d.organization_id AND x.deleted_time IS NULL LIMIT 1) o
        WHERE s.directory_id = p_directory_id AND s.id = p_secret_id AND s.secret_version = p_secret_version;
      state := coalesce(state, 'unknown');
      touch := coalesce(touch, false) AND state = 'ok';
      strict_mode := coalesce(strict_mode, false);
    END $$`,

  'scim_create_user(text, text, integer, text, jsonb, text, text, text, boolean, text[])': `CREATE FUNCTION scim_create_user(
      p_directory_id text, p_secret_id text, p_secret_version integer,
      p_id text, p_resource jsonb, p_user_name_key text, p_external_id text, p_display_name_key text,
      p_active boolean, p_email_keys text[],
      OUT state text, OUT touch boolean, OUT outcome text, OUT created timestamptz)
    LANGUAGE plpgsql AS $$
    DECLARE
      settings text;
      admission record;
    BEGIN
      settings := set_config('rollcall.directory_id', p_directory_id, true) || set_config('plan_cache_mode', 'force_generic_plan', true);
      admission := authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version);
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
      outcome := 'ok';
    END $$`,

  'scim_get_user(text, text, integer, text)': `CREATE FUNCTION scim_get_user(
      p_directory_id text, p_secret_id text, p_secret_version integer, p_id text,
      OUT state text, OUT touch boolean, OUT strict_mode boolean, OUT outcome text,
      OUT version integer, OUT created timestamptz, OUT last_modified timestamptz, OUT resource jsonb, OUT groups jsonb)
    LANGUAGE plpgsql AS $$
    DECLARE
      settings text;
      admission record;
    BEGIN
      settings := set_config('rollcall.directory_id', p_directory_id, true) || set_config('plan_cache_mode', 'force_generic_plan', true);
      admission := authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version);
      state := admission.state;
      touch := admission.touch;
      strict_mode := admission.strict_mode;
      IF state <> 'ok' THEN RETURN; END IF;
      SELECT u.version, u.created, u.last_modified, u.resource, ${groupsOf('u.id')}
        INTO version, created, last_modified, resource, groups
        FROM directory_users u WHERE u.directory_id = p_directory_id AND u.id = p_id;
      outcome := CASE WHEN FOUND THEN 'ok' ELSE 'missing' END;
    END $$`,

  // Users by one exact key: the look-up that every identity provider makes before it writes.
  // p_attribute: userName | externalId | emails.value | id; keys are folded as the columns are. A userName is one user's.
  'scim_find_users(text, text, integer, text, text, integer, integer)': `CREATE FUNCTION scim_find_users(
      p_directory_id text, p_secret_id text, p_secret_version integer,
      p_attribute text, p_key text, p_offset integer, p_limit integer)
    RETURNS TABLE (state text, touch boolean, total bigint, id text, version integer, created timestamptz,
      last_modified timestamptz, resource jsonb, groups jsonb)
    LANGUAGE plpgsql AS $$
    DECLARE
      settings text;
      admission record;
      ids text[];
    BEGIN
      settings := set_config('rollcall.directory_id', p_directory_id, true) || set_config('plan_cache_mode', 'force_generic_plan', true);
      admission := authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version);
      state := admission.state;
      touch := admission.touch;
      IF state = 'ok' AND p_attribute = 'userName' AND p_offset = 0 AND p_limit > 0 THEN
        SELECT u.id, u.version, u.created, u.last_modified, u.resource, ${groupsOf('u.id')}
          INTO id, version, created, last_modified, resource, groups
          FROM directory_users u WHERE u.directory_id = p_directory_id AND u.user_name_key = p_key;
        total := CASE WHEN FOUND THEN 1 ELSE 0 END;
      ELSIF state = 'ok' THEN
        IF p_attribute = 'userName' THEN
          ids := ARRAY(SELECT u.id FROM directory_users u WHERE u.directory_id = p_directory_id AND u.user_name_key = p_key);
        ELSIF p_attribute = 'externalId' THEN
          ids := ARRAY(SELECT u.id FROM directory_users u
            WHERE u.directory_id = p_directory_id AND u.external_id = p_key ORDER BY u.id);
        ELSIF p_attribute = 'emails.value' THEN
          ids := ARRAY(SELECT e.user_id FROM directory_user_emails e
            WHERE e.directory_id = p_directory_id AND e.value_key = p_key ORDER BY e.user_id);
        ELSIF p_attribute = 'id' THEN
          ids := ARRAY(SELECT u.id FROM directory_users u WHERE u.directory_id = p_directory_id AND u.id = p_key);
        ELSE
          RAISE EXCEPTION 'scim_find_users knows no attribute %', p_attribute;
        END IF;
        total := cardinality(ids);
        RETURN QUERY SELECT scim_find_users.state, scim_find_users.touch, scim_find_users.total,
            u.id, u.version, u.created, u.last_modified, u.resource, ${groupsOf('u.id')}
          FROM unnest(ids[p_offset + 1 : p_offset + p_limit]) AS found (id), LATERAL (
            SELECT d.* FROM directory_users d WHERE d.directory_id = p_directory_id AND d.id = found.id LIMIT 1) u
          ORDER BY u.id;
        IF FOUND THEN RETURN; END IF;
      END IF;
      -- One row: the user of a userName, or the state and the total when there is nothing to show.
      RETURN NEXT;
    END $$`,

  // Replaces the resource if it is still at p_expected_version, compared and replaced in one statement: locking the row first would
  // write to its page and to the WAL twice. `old` is at the expected version too: versions only grow, the caller has read that one,
  // and no other came until the row was locked. A taken userName raises unique_violation (constraint directory_users_user_name),
  // which undoes the whole call.
  'scim_update_user(text, text, integer, text, integer, jsonb, text, text, text, boolean, text[])': `CREATE FUNCTION scim_update_user(
      p_directory_id text, p_secret_id text, p_secret_version integer,
      p_id text, p_expected_version integer, p_resource jsonb, p_user_name_key text, p_external_id text,
      p_display_name_key text, p_active boolean, p_email_keys text[],
      OUT state text, OUT touch boolean, OUT outcome text, OUT version integer, OUT last_modified timestamptz)
    LANGUAGE plpgsql AS $$
    DECLARE
      settings text;
      admission record;
      email_keys_before text[];
    BEGIN
      settings := set_config('rollcall.directory_id', p_directory_id, true) || set_config('plan_cache_mode', 'force_generic_plan', true);
      admission := authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version);
      state := admission.state;
      touch := admission.touch;
      IF state <> 'ok' THEN RETURN; END IF;
      last_modified := date_trunc('milliseconds', clock_timestamp());
      UPDATE directory_users u SET user_name_key = p_user_name_key, external_id = p_external_id,
          display_name_key = p_display_name_key, email_keys = p_email_keys, active = p_active,
          version = u.version + 1, last_modified = scim_update_user.last_modified, resource = p_resource
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
      outcome := 'ok';
    END $$`,
};

/** What scim_groups_of returns, as a part of the statement that reads the user. */
function groupsOf(userId: string): string {
  return `(SELECT jsonb_agg(jsonb_build_object('value', g.id, 'display', g.display)) FROM (
          SELECT m.group_id FROM memberships m
          WHERE m.directory_id = p_directory_id AND m.member_id = ${userId} ORDER BY m.group_id) held, LATERAL (
          SELECT d.id, d.resource->>'displayName' AS display FROM directory_groups d
          WHERE d.directory_id = p_directory_id AND d.id = held.group_id LIMIT 1) g)`;
}
