-- The members attribute of a group (RFC 7643 §4.2), users and nested groups; rows of deleted members are invisible.
CREATE OR REPLACE FUNCTION scim_members_of(p_directory_id text, p_group_id text)
RETURNS jsonb
LANGUAGE plpgsql STABLE
AS $$
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
END
$$;
