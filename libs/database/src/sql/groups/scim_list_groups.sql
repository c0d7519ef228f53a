-- One page of all groups; see scim_list_users.
CREATE OR REPLACE FUNCTION scim_list_groups(
  p_directory_id text, p_secret_id text, p_secret_version integer,
  p_after text, p_offset integer, p_limit integer, p_with_members boolean
)
RETURNS TABLE (
  state text, touch boolean, total bigint, id text, version integer, created timestamptz,
  last_modified timestamptz, resource jsonb, members jsonb
)
LANGUAGE plpgsql
AS $$
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
END
$$;
