/**
 * SQL functions over directory_groups and memberships. Members are rows: no function loads a group's members to change them,
 * and none does work in proportion to a group's size unless the request itself carries that many values. `LATERAL (… LIMIT 1)`:
 * see USER_FUNCTIONS.
 */
export const GROUP_FUNCTIONS: Record<string, string> = {
  // Planning costs more than running most of these statements, so cached plans are used. With many member values in the
  // call their number decides which plan is good: then each statement is planned for it.
  'scim_plan_mode(integer)': `CREATE FUNCTION scim_plan_mode(p_values integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_values > 200 THEN 'force_custom_plan' ELSE 'force_generic_plan' END
  $$`,

  // For requests that run their own statements: sets the tenant and tells the token's state.
  'scim_enter(text, text, integer)': `CREATE FUNCTION scim_enter(
      p_directory_id text, p_secret_id text, p_secret_version integer, OUT state text, OUT touch boolean, OUT strict_mode boolean)
    LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM set_config('rollcall.directory_id', p_directory_id, true);
      SELECT a.state, a.touch, a.strict_mode INTO state, touch, strict_mode
        FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
    END $$`,

  // Resources of a directory: what the drain has counted plus the deltas of the changes it has not consumed yet.
  'count_directory_resources(text)': `CREATE FUNCTION count_directory_resources(
      p_directory_id text, OUT total_users bigint, OUT total_groups bigint)
    LANGUAGE sql STABLE AS $$
    SELECT c.total_users + coalesce(p.users, 0), c.total_groups + coalesce(p.groups, 0)
    FROM directory_counters c, (
      SELECT sum(ch.users_delta)::bigint AS users, sum(ch.groups_delta)::bigint AS groups
      FROM changes ch WHERE ch.directory_id = p_directory_id) p
    WHERE c.directory_id = p_directory_id
  $$`,

  // The members attribute of a group (RFC 7643 §4.2), users and nested groups; rows of deleted members are invisible.
  'scim_members_of(text, text)': `CREATE FUNCTION scim_members_of(p_directory_id text, p_group_id text) RETURNS jsonb
    LANGUAGE plpgsql STABLE AS $$
    BEGIN
      RETURN (
        SELECT jsonb_agg(jsonb_build_object('value', m.member_id, 'type', m.member_type, 'display', r.display) ORDER BY m.member_id)
        FROM memberships m, LATERAL (
          SELECT coalesce(u.resource->>'displayName', u.resource->>'userName') AS display FROM directory_users u
            WHERE m.member_type = 'User' AND u.directory_id = p_directory_id AND u.id = m.member_id
          UNION ALL
          SELECT g.resource->>'displayName' FROM directory_groups g
            WHERE m.member_type = 'Group' AND g.directory_id = p_directory_id AND g.id = m.member_id
          LIMIT 1) r
        WHERE m.directory_id = p_directory_id AND m.group_id = p_group_id);
    END $$`,

  // A member value is a resource id; failing that, the externalId of exactly one user. member_id is null when it is neither.
  'scim_resolve_members(text, text[])': `CREATE FUNCTION scim_resolve_members(p_directory_id text, p_values text[])
    RETURNS TABLE (value text, member_id text, member_type text)
    LANGUAGE sql STABLE AS $$
    SELECT v.value, coalesce(u.id, g.id, x.id), CASE WHEN u.id IS NULL AND g.id IS NOT NULL THEN 'Group' ELSE 'User' END
    FROM unnest(p_values) AS v (value)
    LEFT JOIN LATERAL (SELECT d.id FROM directory_users d WHERE d.directory_id = p_directory_id AND d.id = v.value LIMIT 1) u ON true
    LEFT JOIN LATERAL (
      SELECT d.id FROM directory_groups d WHERE u.id IS NULL AND d.directory_id = p_directory_id AND d.id = v.value LIMIT 1) g ON true
    LEFT JOIN LATERAL (
      SELECT min(e.id) AS id FROM directory_users e
      WHERE u.id IS NULL AND g.id IS NULL AND e.directory_id = p_directory_id AND e.external_id = v.value
      HAVING count(*) = 1
    ) x ON true
  $$`,

  // One membership step under the group's lock. added and removed carry the net effect of the steps so far.
  // kind: add | remove | replace | removeAll. In strict mode a value that names no member raises SQLSTATE RC400.
  'scim_apply_member_step(text, text, text, text[], boolean, text[], text[])': `CREATE FUNCTION scim_apply_member_step(
      p_directory_id text, p_group_id text, p_kind text, p_values text[], p_strict boolean,
      INOUT added text[], INOUT removed text[])
    LANGUAGE plpgsql AS $$
    DECLARE
      user_ids text[];
      group_ids text[];
      unresolved text[];
      leaving text;
      gone text[] := '{}';
      arrived text[] := '{}';
    BEGIN
      SELECT coalesce(array_agg(r.member_id) FILTER (WHERE r.member_type = 'User' AND r.member_id IS NOT NULL), '{}'),
          coalesce(array_agg(r.member_id) FILTER (WHERE r.member_type = 'Group' AND r.member_id IS NOT NULL), '{}'),
          coalesce(array_agg(r.value) FILTER (WHERE r.member_id IS NULL), '{}')
        INTO user_ids, group_ids, unresolved FROM scim_resolve_members(p_directory_id, p_values) r;

      IF p_kind = 'remove' THEN
        -- One look-up each: a plan for all of them at once may read the whole group.
        FOREACH leaving IN ARRAY user_ids || group_ids || unresolved LOOP
          DELETE FROM memberships m WHERE m.directory_id = p_directory_id AND m.group_id = p_group_id AND m.member_id = leaving;
          IF FOUND THEN gone := gone || leaving; END IF;
        END LOOP;
        DELETE FROM unresolved_members n
          WHERE n.directory_id = p_directory_id AND n.group_id = p_group_id AND n.value = ANY (p_values);
      ELSE
        IF p_strict AND cardinality(unresolved) > 0 THEN
          RAISE EXCEPTION 'unresolved members' USING ERRCODE = 'RC400', DETAIL = array_to_string(unresolved[1:5], ', ');
        END IF;
        IF p_kind IN ('replace', 'removeAll') THEN
          WITH deleted AS (
            DELETE FROM memberships m WHERE m.directory_id = p_directory_id AND m.group_id = p_group_id
              AND NOT EXISTS (SELECT 1 FROM unnest(user_ids || group_ids) AS kept WHERE kept = m.member_id)
            RETURNING m.member_id)
          SELECT coalesce(array_agg(d.member_id), '{}') INTO gone FROM deleted d;
          DELETE FROM unresolved_members n WHERE n.directory_id = p_directory_id AND n.group_id = p_group_id;
        END IF;
        user_ids := ARRAY(SELECT v FROM unnest(user_ids) AS v WHERE (
          SELECT true FROM memberships m
          WHERE m.directory_id = p_directory_id AND m.group_id = p_group_id AND m.member_id = v LIMIT 1) IS NULL ORDER BY v COLLATE "C");
        -- The lock keeps the users from being deleted before this transaction commits; who is gone already is left out.
        user_ids := ARRAY(SELECT u.id FROM unnest(user_ids) AS v, LATERAL (
          SELECT d.id FROM directory_users d WHERE d.directory_id = p_directory_id AND d.id = v LIMIT 1 FOR KEY SHARE) u);
        WITH inserted AS (
          INSERT INTO memberships (directory_id, group_id, member_id, member_type)
          SELECT p_directory_id, p_group_id, v, 'User' FROM unnest(user_ids) AS v
          UNION ALL
          SELECT p_directory_id, p_group_id, v, 'Group' FROM unnest(group_ids) AS v WHERE v <> p_group_id
          ON CONFLICT DO NOTHING RETURNING member_id)
        SELECT coalesce(array_agg(i.member_id), '{}') INTO arrived FROM inserted i;
        IF cardinality(unresolved) > 0 THEN
          INSERT INTO unresolved_members (directory_id, group_id, value, cause)
            SELECT p_directory_id, p_group_id, v, 'No user or group of this directory has this id or externalId.'
            FROM unnest(unresolved) AS v
            LIMIT greatest(0, 10000 - (SELECT count(*) FROM unresolved_members n
              WHERE n.directory_id = p_directory_id AND n.group_id = p_group_id))
            ON CONFLICT DO NOTHING;
        END IF;
      END IF;

      IF cardinality(gone) > 0 THEN
        removed := removed || ARRAY(SELECT unnest(gone) EXCEPT SELECT unnest(added));
        added := ARRAY(SELECT unnest(added) EXCEPT SELECT unnest(gone));
      END IF;
      IF cardinality(arrived) > 0 THEN
        added := added || ARRAY(SELECT unnest(arrived) EXCEPT SELECT unnest(removed));
        removed := ARRAY(SELECT unnest(removed) EXCEPT SELECT unnest(arrived));
      END IF;
    END $$`,

  // Membership deltas as change rows of at most 500 members each.
  'scim_record_member_changes(text, text, text[], text[], timestamptz)': `CREATE FUNCTION scim_record_member_changes(
      p_directory_id text, p_group_id text, p_added text[], p_removed text[], p_occurred_at timestamptz)
    RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO changes (directory_id, kind, resource_id, added, removed, occurred_at)
      SELECT p_directory_id, 'members_changed', p_group_id,
        coalesce(array_agg(s.member_id) FILTER (WHERE s.arrived), '{}'),
        coalesce(array_agg(s.member_id) FILTER (WHERE NOT s.arrived), '{}'), p_occurred_at
      FROM (
        SELECT d.member_id, d.arrived, (row_number() OVER (ORDER BY d.arrived, d.member_id) - 1) / 500 AS slice
        FROM (SELECT unnest(p_removed) AS member_id, false AS arrived UNION ALL SELECT unnest(p_added), true) d
      ) s
      GROUP BY s.slice ORDER BY s.slice;
    END $$`,

  'scim_create_group(text, text, integer, text, jsonb, text, text, text[], boolean)': `CREATE FUNCTION scim_create_group(
      p_directory_id text, p_secret_id text, p_secret_version integer,
      p_id text, p_resource jsonb, p_display_name_key text, p_external_id text, p_members text[], p_with_members boolean,
      OUT state text, OUT touch boolean, OUT outcome text, OUT created timestamptz, OUT members jsonb)
    LANGUAGE plpgsql AS $$
    DECLARE
      strict_mode boolean;
      added text[] := '{}';
      removed text[] := '{}';
    BEGIN
      PERFORM set_config('rollcall.directory_id', p_directory_id, true),
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
    END $$`,

  'scim_get_group(text, text, integer, text, boolean)': `CREATE FUNCTION scim_get_group(
      p_directory_id text, p_secret_id text, p_secret_version integer, p_id text, p_with_members boolean,
      OUT state text, OUT touch boolean, OUT strict_mode boolean, OUT outcome text,
      OUT version integer, OUT created timestamptz, OUT last_modified timestamptz, OUT resource jsonb, OUT members jsonb)
    LANGUAGE plpgsql AS $$
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
    END $$`,

  // p_attribute: displayName | externalId | id.
  'scim_find_groups(text, text, integer, text, text, integer, integer, boolean)': `CREATE FUNCTION scim_find_groups(
      p_directory_id text, p_secret_id text, p_secret_version integer,
      p_attribute text, p_key text, p_offset integer, p_limit integer, p_with_members boolean)
    RETURNS TABLE (state text, touch boolean, total bigint, id text, version integer, created timestamptz,
      last_modified timestamptz, resource jsonb, members jsonb)
    LANGUAGE plpgsql AS $$
    DECLARE
      ids text[];
    BEGIN
      PERFORM set_config('rollcall.directory_id', p_directory_id, true), set_config('plan_cache_mode', 'force_generic_plan', true);
      SELECT a.state, a.touch INTO state, touch FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
      IF state = 'ok' THEN
        IF p_attribute = 'displayName' THEN
          ids := ARRAY(SELECT g.id FROM directory_groups g WHERE g.directory_id = p_directory_id AND g.display_name_key = p_key);
        ELSIF p_attribute = 'externalId' THEN
          ids := ARRAY(SELECT g.id FROM directory_groups g
            WHERE g.directory_id = p_directory_id AND g.external_id = p_key ORDER BY g.id);
        ELSIF p_attribute = 'id' THEN
          ids := ARRAY(SELECT g.id FROM directory_groups g WHERE g.directory_id = p_directory_id AND g.id = p_key);
        ELSE
          RAISE EXCEPTION 'scim_find_groups knows no attribute %', p_attribute;
        END IF;
        total := cardinality(ids);
        RETURN QUERY SELECT scim_find_groups.state, scim_find_groups.touch, scim_find_groups.total,
            g.id, g.version, g.created, g.last_modified, g.resource,
            CASE WHEN p_with_members THEN scim_members_of(p_directory_id, g.id) END
          FROM unnest(ids[p_offset + 1 : p_offset + p_limit]) AS found (id), LATERAL (
            SELECT d.* FROM directory_groups d WHERE d.directory_id = p_directory_id AND d.id = found.id LIMIT 1) g
          ORDER BY g.id;
        IF FOUND THEN RETURN; END IF;
      END IF;
      RETURN NEXT;
    END $$`,

  // One page of all groups; see scim_list_users.
  'scim_list_groups(text, text, integer, text, integer, integer, boolean)': `CREATE FUNCTION scim_list_groups(
      p_directory_id text, p_secret_id text, p_secret_version integer,
      p_after text, p_offset integer, p_limit integer, p_with_members boolean)
    RETURNS TABLE (state text, touch boolean, total bigint, id text, version integer, created timestamptz,
      last_modified timestamptz, resource jsonb, members jsonb)
    LANGUAGE plpgsql AS $$
    DECLARE
      ids text[];
    BEGIN
      PERFORM set_config('rollcall.directory_id', p_directory_id, true), set_config('plan_cache_mode', 'force_generic_plan', true);
      SELECT a.state, a.touch INTO state, touch FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
      IF state = 'ok' THEN
        SELECT c.total_groups INTO total FROM count_directory_resources(p_directory_id) c;
        ids := ARRAY(SELECT g.id FROM directory_groups g WHERE g.directory_id = p_directory_id AND g.id > p_after
          ORDER BY g.id OFFSET p_offset LIMIT p_limit);
        RETURN QUERY SELECT scim_list_groups.state, scim_list_groups.touch, scim_list_groups.total,
            g.id, g.version, g.created, g.last_modified, g.resource,
            CASE WHEN p_with_members THEN scim_members_of(p_directory_id, g.id) END
          FROM unnest(ids) AS found (id), LATERAL (
            SELECT d.* FROM directory_groups d WHERE d.directory_id = p_directory_id AND d.id = found.id LIMIT 1) g
          ORDER BY g.id;
        IF FOUND THEN RETURN; END IF;
      END IF;
      RETURN NEXT;
    END $$`,

  // Applies membership steps in order and, when p_resource is given, replaces the attributes if the group is still at
  // p_expected_version. Steps: [{"kind": …, "values": […]}]. Nothing changed = nothing written, outcome 'unchanged'.
  // A taken displayName raises unique_violation (constraint directory_groups_display_name).
  'scim_write_group(text, text, integer, text, integer, jsonb, text, text, jsonb)': `CREATE FUNCTION scim_write_group(
      p_directory_id text, p_secret_id text, p_secret_version integer,
      p_id text, p_expected_version integer, p_resource jsonb, p_display_name_key text, p_external_id text, p_steps jsonb,
      OUT state text, OUT touch boolean, OUT outcome text, OUT version integer, OUT last_modified timestamptz)
    LANGUAGE plpgsql AS $$
    DECLARE
      strict_mode boolean;
      step jsonb;
      added text[] := '{}';
      removed text[] := '{}';
    BEGIN
      PERFORM set_config('rollcall.directory_id', p_directory_id, true),
        set_config('plan_cache_mode', scim_plan_mode(jsonb_array_length(jsonb_path_query_array(p_steps, '$[*].values[*]'))), true);
      SELECT a.state, a.touch, a.strict_mode INTO state, touch, strict_mode
        FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
      IF state <> 'ok' THEN RETURN; END IF;
      SELECT g.version, g.last_modified INTO version, last_modified FROM directory_groups g
        WHERE g.directory_id = p_directory_id AND g.id = p_id FOR NO KEY UPDATE;
      IF NOT FOUND THEN
        outcome := 'missing';
        RETURN;
      ELSIF version <> p_expected_version THEN
        outcome := 'conflict';
        RETURN;
      END IF;
      FOR step IN SELECT jsonb_array_elements(p_steps) LOOP
        SELECT s.added, s.removed INTO added, removed FROM scim_apply_member_step(p_directory_id, p_id, step->>'kind',
          ARRAY(SELECT jsonb_array_elements_text(coalesce(step->'values', '[]'))), strict_mode, added, removed) s;
      END LOOP;
      IF p_resource IS NULL AND cardinality(added) = 0 AND cardinality(removed) = 0 THEN
        outcome := 'unchanged';
        RETURN;
      END IF;
      last_modified := date_trunc('milliseconds', clock_timestamp());
      version := version + 1;
      IF p_resource IS NULL THEN
        UPDATE directory_groups g SET version = scim_write_group.version, last_modified = scim_write_group.last_modified
          WHERE g.directory_id = p_directory_id AND g.id = p_id;
      ELSE
        UPDATE directory_groups g SET version = scim_write_group.version, last_modified = scim_write_group.last_modified,
            resource = p_resource, display_name_key = p_display_name_key, external_id = p_external_id
          WHERE g.directory_id = p_directory_id AND g.id = p_id;
        INSERT INTO changes (directory_id, kind, resource_id, resource, occurred_at)
          VALUES (p_directory_id, 'group_written', p_id, p_resource, last_modified);
      END IF;
      PERFORM scim_record_member_changes(p_directory_id, p_id, added, removed, last_modified);
      outcome := 'ok';
    END $$`,

  // The group's membership rows stay behind, invisible, for the drain to remove in slices.
  'scim_delete_group(text, text, integer, text, integer)': `CREATE FUNCTION scim_delete_group(
      p_directory_id text, p_secret_id text, p_secret_version integer, p_id text, p_expected_version integer,
      OUT state text, OUT touch boolean, OUT outcome text)
    LANGUAGE plpgsql AS $$
    DECLARE
      current_version integer;
    BEGIN
      PERFORM set_config('rollcall.directory_id', p_directory_id, true), set_config('plan_cache_mode', 'force_generic_plan', true);
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
    END $$`,
};
