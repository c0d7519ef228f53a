/**
 * SQL functions over directory_users. Every one begins with the tenant and the token's state; `state` other than 'ok' means
 * that nothing was read or written. `outcome`: ok | unchanged | missing | conflict | uniqueness. Cached plans are used
 * throughout: planning would cost more than running (see scim_plan_mode).
 *
 * A cached plan is made for the average directory. Rows that are known by id are therefore read by
 * `LATERAL (SELECT … WHERE directory_id = … AND id = … LIMIT 1)`, which can only become one look-up each: left to choose, the
 * planner reads the whole directory where directories are small on average, the largest one included.
 */
export const USER_FUNCTIONS: Record<string, string> = {
  // Group references of a user, as the read-only `groups` attribute shows them (RFC 7643 §4.1.2). PL/pgSQL keeps the plan;
  // an SQL function would be planned again by every caller.
  'scim_groups_of(text, text)': `CREATE FUNCTION scim_groups_of(p_directory_id text, p_member_id text) RETURNS jsonb
    LANGUAGE plpgsql STABLE AS $$
    BEGIN
      RETURN (
        SELECT jsonb_agg(jsonb_build_object('value', g.id, 'display', g.display) ORDER BY g.id)
        FROM memberships m, LATERAL (
          SELECT d.id, d.resource->>'displayName' AS display FROM directory_groups d
          WHERE d.directory_id = p_directory_id AND d.id = m.group_id LIMIT 1) g
        WHERE m.directory_id = p_directory_id AND m.member_id = p_member_id);
    END $$`,

  'scim_create_user(text, text, integer, text, jsonb, text, text, text, boolean, text[])': `CREATE FUNCTION scim_create_user(
      p_directory_id text, p_secret_id text, p_secret_version integer,
      p_id text, p_resource jsonb, p_user_name_key text, p_external_id text, p_display_name_key text,
      p_active boolean, p_email_keys text[],
      OUT state text, OUT touch boolean, OUT outcome text, OUT created timestamptz)
    LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM set_config('rollcall.directory_id', p_directory_id, true), set_config('plan_cache_mode', 'force_generic_plan', true);
      SELECT a.state, a.touch INTO state, touch FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
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
    BEGIN
      PERFORM set_config('rollcall.directory_id', p_directory_id, true), set_config('plan_cache_mode', 'force_generic_plan', true);
      SELECT a.state, a.touch, a.strict_mode INTO state, touch, strict_mode
        FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
      IF state <> 'ok' THEN RETURN; END IF;
      SELECT u.version, u.created, u.last_modified, u.resource INTO version, created, last_modified, resource
        FROM directory_users u WHERE u.directory_id = p_directory_id AND u.id = p_id;
      IF NOT FOUND THEN
        outcome := 'missing';
        RETURN;
      END IF;
      groups := scim_groups_of(p_directory_id, p_id);
      outcome := 'ok';
    END $$`,

  // Users by one exact key: the look-up that every identity provider makes before it writes.
  // p_attribute: userName | externalId | emails.value | id; keys are folded as the columns are.
  'scim_find_users(text, text, integer, text, text, integer, integer)': `CREATE FUNCTION scim_find_users(
      p_directory_id text, p_secret_id text, p_secret_version integer,
      p_attribute text, p_key text, p_offset integer, p_limit integer)
    RETURNS TABLE (state text, touch boolean, total bigint, id text, version integer, created timestamptz,
      last_modified timestamptz, resource jsonb, groups jsonb)
    LANGUAGE plpgsql AS $$
    DECLARE
      ids text[];
    BEGIN
      PERFORM set_config('rollcall.directory_id', p_directory_id, true), set_config('plan_cache_mode', 'force_generic_plan', true);
      SELECT a.state, a.touch INTO state, touch FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
      IF state = 'ok' THEN
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
            u.id, u.version, u.created, u.last_modified, u.resource, scim_groups_of(p_directory_id, u.id)
          FROM unnest(ids[p_offset + 1 : p_offset + p_limit]) AS found (id), LATERAL (
            SELECT d.* FROM directory_users d WHERE d.directory_id = p_directory_id AND d.id = found.id LIMIT 1) u
          ORDER BY u.id;
        IF FOUND THEN RETURN; END IF;
      END IF;
      -- One row without a resource carries the state and the total when there is nothing to show.
      RETURN NEXT;
    END $$`,

  // One page of all users by id, which is the order of their creation. p_after: the id before the page ('' = from the first),
  // then p_offset more are skipped. The total is maintained, not counted.
  'scim_list_users(text, text, integer, text, integer, integer, boolean)': `CREATE FUNCTION scim_list_users(
      p_directory_id text, p_secret_id text, p_secret_version integer,
      p_after text, p_offset integer, p_limit integer, p_with_groups boolean)
    RETURNS TABLE (state text, touch boolean, total bigint, id text, version integer, created timestamptz,
      last_modified timestamptz, resource jsonb, groups jsonb)
    LANGUAGE plpgsql AS $$
    DECLARE
      ids text[];
    BEGIN
      PERFORM set_config('rollcall.directory_id', p_directory_id, true), set_config('plan_cache_mode', 'force_generic_plan', true);
      SELECT a.state, a.touch INTO state, touch FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
      IF state = 'ok' THEN
        SELECT c.total_users INTO total FROM count_directory_resources(p_directory_id) c;
        -- Ids first: rows that are only skipped are then read from the index alone.
        ids := ARRAY(SELECT u.id FROM directory_users u WHERE u.directory_id = p_directory_id AND u.id > p_after
          ORDER BY u.id OFFSET p_offset LIMIT p_limit);
        RETURN QUERY SELECT scim_list_users.state, scim_list_users.touch, scim_list_users.total,
            u.id, u.version, u.created, u.last_modified, u.resource,
            CASE WHEN p_with_groups THEN (
              SELECT jsonb_agg(jsonb_build_object('value', g.id, 'display', g.display) ORDER BY g.id)
              FROM memberships m, LATERAL (
                SELECT d.id, d.resource->>'displayName' AS display FROM directory_groups d
                WHERE d.directory_id = p_directory_id AND d.id = m.group_id LIMIT 1) g
              WHERE m.directory_id = p_directory_id AND m.member_id = u.id) END
          FROM unnest(ids) AS found (id), LATERAL (
            SELECT d.* FROM directory_users d WHERE d.directory_id = p_directory_id AND d.id = found.id LIMIT 1) u
          ORDER BY u.id;
        IF FOUND THEN RETURN; END IF;
      END IF;
      RETURN NEXT;
    END $$`,

  // Replaces the resource if it is still at p_expected_version. A taken userName raises unique_violation
  // (constraint directory_users_user_name), which undoes the whole call.
  'scim_update_user(text, text, integer, text, integer, jsonb, text, text, text, boolean, text[])': `CREATE FUNCTION scim_update_user(
      p_directory_id text, p_secret_id text, p_secret_version integer,
      p_id text, p_expected_version integer, p_resource jsonb, p_user_name_key text, p_external_id text,
      p_display_name_key text, p_active boolean, p_email_keys text[],
      OUT state text, OUT touch boolean, OUT outcome text, OUT version integer, OUT last_modified timestamptz)
    LANGUAGE plpgsql AS $$
    DECLARE
      current_version integer;
      current_email_keys text[];
    BEGIN
      PERFORM set_config('rollcall.directory_id', p_directory_id, true), set_config('plan_cache_mode', 'force_generic_plan', true);
      SELECT a.state, a.touch INTO state, touch FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
      IF state <> 'ok' THEN RETURN; END IF;
      SELECT u.version, u.email_keys INTO current_version, current_email_keys FROM directory_users u
        WHERE u.directory_id = p_directory_id AND u.id = p_id FOR NO KEY UPDATE;
      IF NOT FOUND THEN
        outcome := 'missing';
        RETURN;
      ELSIF current_version <> p_expected_version THEN
        outcome := 'conflict';
        RETURN;
      END IF;
      last_modified := date_trunc('milliseconds', clock_timestamp());
      UPDATE directory_users u SET user_name_key = p_user_name_key, external_id = p_external_id,
          display_name_key = p_display_name_key, email_keys = p_email_keys, active = p_active,
          version = current_version + 1, last_modified = scim_update_user.last_modified, resource = p_resource
        WHERE u.directory_id = p_directory_id AND u.id = p_id
        RETURNING u.version INTO version;
      IF current_email_keys IS DISTINCT FROM p_email_keys THEN
        DELETE FROM directory_user_emails e
          WHERE e.directory_id = p_directory_id AND e.user_id = p_id AND e.value_key = ANY (current_email_keys);
        INSERT INTO directory_user_emails (directory_id, value_key, user_id)
          SELECT p_directory_id, key, p_id FROM unnest(p_email_keys) AS key;
      END IF;
      INSERT INTO changes (directory_id, kind, resource_id, resource, occurred_at)
        VALUES (p_directory_id, 'user_written', p_id, p_resource, last_modified);
      outcome := 'ok';
    END $$`,

  // Locks the user's groups, then the user (the order of all writers); a membership that arrived in between is a
  // serialization failure, which the caller retries.
  'scim_delete_user(text, text, integer, text, integer)': `CREATE FUNCTION scim_delete_user(
      p_directory_id text, p_secret_id text, p_secret_version integer, p_id text, p_expected_version integer,
      OUT state text, OUT touch boolean, OUT outcome text)
    LANGUAGE plpgsql AS $$
    DECLARE
      group_ids text[];
      left_group_id text;
      current_version integer;
      current_email_keys text[];
      deleted_at timestamptz := date_trunc('milliseconds', clock_timestamp());
    BEGIN
      PERFORM set_config('rollcall.directory_id', p_directory_id, true), set_config('plan_cache_mode', 'force_generic_plan', true);
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
    END $$`,
};
