-- Group references of a user, as the read-only `groups` attribute shows them (RFC 7643 §4.1.2). PL/pgSQL keeps the plan;
-- an SQL function would be planned again by every caller.
CREATE OR REPLACE FUNCTION scim_groups_of(p_directory_id text, p_member_id text)
RETURNS jsonb
LANGUAGE plpgsql STABLE
AS $$
BEGIN
  RETURN (
    SELECT jsonb_agg(jsonb_build_object('value', g.id, 'display', g.display) ORDER BY g.id)
    FROM memberships m, LATERAL (
      SELECT d.id, d.resource->>'displayName' AS display FROM directory_groups d
      WHERE d.directory_id = p_directory_id AND d.id = m.group_id LIMIT 1) g
    WHERE m.directory_id = p_directory_id AND m.member_id = p_member_id);
END
$$;
