/**
 * One user joins or leaves a group, under the group's lock: what identity providers send most. Returns whether that changed the
 * group; false also when the value is no user's id or the user is in the group already (or not in it), which scim_apply_member_step
 * then looks into.
 */
export const MOVE_MEMBER = {
  signature: 'scim_move_member(text, text, text, text)',
  statement: `CREATE FUNCTION scim_move_member(p_directory_id text, p_group_id text, p_kind text, p_value text) RETURNS boolean
    LANGUAGE plpgsql AS $$
    BEGIN
      IF p_kind = 'add' THEN
        -- The lock keeps the user from being deleted before this transaction commits.
        INSERT INTO memberships (directory_id, group_id, member_id, member_type)
          SELECT p_directory_id, p_group_id, u.id, 'User' FROM (
            SELECT d.id FROM directory_users d WHERE d.directory_id = p_directory_id AND d.id = p_value LIMIT 1 FOR KEY SHARE) u
          ON CONFLICT DO NOTHING;
      ELSIF p_kind = 'remove' THEN
        DELETE FROM memberships m WHERE m.directory_id = p_directory_id AND m.group_id = p_group_id AND m.member_id = p_value
          AND m.member_type = 'User';
      ELSE
        RETURN false;
      END IF;
      RETURN FOUND;
    END $$`,
};

/** The group functions that change members (see GROUP_FUNCTIONS for the rules they keep), with few statements. */
export const LIGHTER_GROUP_FUNCTIONS: Record<string, string> = {
  // One membership step under the group's lock. added and removed carry the net effect of the steps so far.
  // kind: add | remove | replace | removeAll. In strict mode a value that names no member raises SQLSTATE RC400.
  'scim_apply_member_step(text, text, text, text[], boolean, text[], text[])': `CREATE FUNCTION scim_apply_member_step(
      p_directory_id text, p_group_id text, p_kind text, p_values text[], p_strict boolean,
      INOUT added text[], INOUT removed text[])
    LANGUAGE plpgsql AS $$
    DECLARE
      staying text[] := '{}';
      user_ids text[];
      group_ids text[];
      unresolved text[];
      gone text[] := '{}';
      arrived text[] := '{}';
    BEGIN
      IF p_kind = 'replace' THEN
        -- Most values name members that stay: they need no look-up of their own. A user that is a member exists.
        staying := ARRAY(SELECT m.member_id FROM memberships m JOIN (SELECT DISTINCT unnest(p_values) AS id) v ON v.id = m.member_id
          WHERE m.directory_id = p_directory_id AND m.group_id = p_group_id AND m.member_type = 'User');
        IF cardinality(staying) > 0 THEN
          p_values := ARRAY(SELECT unnest(p_values) EXCEPT SELECT unnest(staying));
        END IF;
      END IF;
      SELECT coalesce(array_agg(r.member_id) FILTER (WHERE r.member_type = 'User' AND r.member_id IS NOT NULL), '{}'),
          coalesce(array_agg(r.member_id) FILTER (WHERE r.member_type = 'Group' AND r.member_id IS NOT NULL), '{}'),
          coalesce(array_agg(r.value) FILTER (WHERE r.member_id IS NULL), '{}')
        INTO user_ids, group_ids, unresolved FROM scim_resolve_members(p_directory_id, p_values) r;

      IF p_kind = 'remove' THEN
        -- One look-up each: a join with all of them may read the whole group. The group's lock keeps the rows in their places.
        WITH deleted AS (
          DELETE FROM memberships m WHERE m.directory_id = p_directory_id AND m.ctid = ANY (ARRAY(
            SELECT held.place FROM unnest(user_ids || group_ids || unresolved) AS leaving, LATERAL (
              SELECT x.ctid AS place FROM memberships x
              WHERE x.directory_id = p_directory_id AND x.group_id = p_group_id AND x.member_id = leaving LIMIT 1) held))
          RETURNING m.member_id)
        SELECT coalesce(array_agg(d.member_id), '{}') INTO gone FROM deleted d;
        DELETE FROM unresolved_members n
          WHERE n.directory_id = p_directory_id AND n.group_id = p_group_id AND n.value = ANY (p_values);
      ELSE
        IF p_strict AND cardinality(unresolved) > 0 THEN
          RAISE EXCEPTION 'unresolved members' USING ERRCODE = 'RC400', DETAIL = array_to_string(unresolved[1:5], ', ');
        END IF;
        IF p_kind IN ('replace', 'removeAll') THEN
          WITH deleted AS (
            DELETE FROM memberships m WHERE m.directory_id = p_directory_id AND m.group_id = p_group_id
              AND NOT EXISTS (SELECT 1 FROM unnest(staying || user_ids || group_ids) AS kept WHERE kept = m.member_id)
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
      IF cardinality(p_added) + cardinality(p_removed) = 1 THEN
        INSERT INTO changes (directory_id, kind, resource_id, added, removed, occurred_at)
          VALUES (p_directory_id, 'members_changed', p_group_id, p_added, p_removed, p_occurred_at);
        RETURN;
      END IF;
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

  // Applies membership steps in order and, when p_resource is given, replaces the attributes if the group is still at
  // p_expected_version. Steps: [{"kind": …, "values": […]}]. Nothing changed = nothing written, outcome 'unchanged'.
  // A taken displayName raises unique_violation (constraint directory_groups_display_name).
  'scim_write_group(text, text, integer, text, integer, jsonb, text, text, jsonb)': `CREATE FUNCTION scim_write_group(
      p_directory_id text, p_secret_id text, p_secret_version integer,
      p_id text, p_expected_version integer, p_resource jsonb, p_display_name_key text, p_external_id text, p_steps jsonb,
      OUT state text, OUT touch boolean, OUT outcome text, OUT version integer, OUT last_modified timestamptz)
    LANGUAGE plpgsql AS $$
    DECLARE
      settings text;
      admission record;
      step jsonb;
      step_values text[];
      effect record;
      added text[] := '{}';
      removed text[] := '{}';
    BEGIN
      settings := set_config('rollcall.directory_id', p_directory_id, true) || set_config('plan_cache_mode', 'force_generic_plan', true);
      admission := authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version);
      state := admission.state;
      touch := admission.touch;
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
      FOR i IN 0 .. coalesce(jsonb_array_length(p_steps), 0) - 1 LOOP
        step := p_steps->i;
        IF i = 0 AND jsonb_array_length(step->'values') = 1
            AND scim_move_member(p_directory_id, p_id, step->>'kind', step->'values'->>0) THEN
          added := CASE step->>'kind' WHEN 'add' THEN ARRAY[step->'values'->>0] ELSE '{}' END;
          removed := CASE step->>'kind' WHEN 'add' THEN '{}' ELSE ARRAY[step->'values'->>0] END;
          CONTINUE;
        END IF;
        step_values := ARRAY(SELECT jsonb_array_elements_text(coalesce(step->'values', '[]')));
        settings := set_config('plan_cache_mode', scim_plan_mode(cardinality(step_values)), true);
        effect := scim_apply_member_step(p_directory_id, p_id, step->>'kind', step_values, admission.strict_mode, added, removed);
        added := effect.added;
        removed := effect.removed;
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
      IF cardinality(added) + cardinality(removed) > 0 THEN
        PERFORM scim_record_member_changes(p_directory_id, p_id, added, removed, last_modified);
      END IF;
      outcome := 'ok';
    END $$`,
};
