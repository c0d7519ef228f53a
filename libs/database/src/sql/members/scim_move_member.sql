-- One user joins or leaves a group, under the group's lock: what identity providers send most. Returns whether that changed the
-- group; false also when the value is no user's id or the user is in the group already (or not in it), which
-- scim_apply_member_step then looks into.
CREATE OR REPLACE FUNCTION scim_move_member(
  p_directory_id text, p_group_id text, p_kind text, p_value text
)
RETURNS boolean
LANGUAGE plpgsql
AS $$
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
END
$$;
