-- One page of all users by id, which is the order of their creation. p_after: the id before the page ('' = from the first),
-- then p_offset more are skipped. The total is maintained, not counted.
CREATE OR REPLACE FUNCTION scim_list_users(
  p_directory_id text, p_secret_id text, p_secret_version integer,
  p_after text, p_offset integer, p_limit integer, p_with_groups boolean
)
RETURNS TABLE (
  state text, touch boolean, total bigint, id text, version integer, created timestamptz,
  last_modified timestamptz, resource jsonb, groups jsonb
)
LANGUAGE plpgsql
AS $$
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
END
$$;
