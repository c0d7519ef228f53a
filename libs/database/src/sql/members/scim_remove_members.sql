-- Takes members out of a group, under the group's lock, and forgets the values among them that named nobody. p_member_ids: what
-- p_values stand for. Returns the ids of those that were members.
CREATE OR REPLACE FUNCTION scim_remove_members(
  p_directory_id text, p_group_id text, p_member_ids text[], p_values text[], OUT gone text[]
)
LANGUAGE plpgsql
AS $$
BEGIN
  -- One look-up each: a join with all of them may read the whole group. The group's lock keeps the rows in their places.
  WITH deleted AS (
    DELETE FROM memberships m WHERE m.directory_id = p_directory_id AND m.ctid = ANY (ARRAY(
      SELECT held.place FROM unnest(p_member_ids) AS leaving, LATERAL (
        SELECT x.ctid AS place FROM memberships x
        WHERE x.directory_id = p_directory_id AND x.group_id = p_group_id AND x.member_id = leaving LIMIT 1) held))
    RETURNING m.member_id)
  SELECT coalesce(array_agg(d.member_id), '{}') INTO gone FROM deleted d;
  DELETE FROM unresolved_members n
    WHERE n.directory_id = p_directory_id AND n.group_id = p_group_id AND n.value = ANY (p_values);
END
$$;
