-- One membership step under the group's lock. added and removed carry the net effect of the steps so far.
-- kind: add | remove | replace | removeAll. In strict mode a value that names no member raises SQLSTATE RC400.
CREATE OR REPLACE FUNCTION scim_apply_member_step(
  p_directory_id text, p_group_id text, p_kind text, p_values text[], p_strict boolean,
  INOUT added text[], INOUT removed text[]
)
LANGUAGE plpgsql
AS $$
DECLARE
  staying text[] := ARRAY[]::text[];
  user_ids text[];
  group_ids text[];
  unresolved text[];
  gone text[] := ARRAY[]::text[];
  arrived text[] := ARRAY[]::text[];
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
    gone := scim_remove_members(p_directory_id, p_group_id, user_ids || group_ids || unresolved, p_values);
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
      PERFORM scim_record_unresolved(p_directory_id, p_group_id, unresolved, 10000);
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
END
$$;
