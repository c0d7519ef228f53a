-- One page of all groups; see scim_page_users.
CREATE OR REPLACE FUNCTION scim_page_groups(
  p_directory_id text, p_secret_id text, p_secret_version integer,
  p_after text, p_offset integer, p_limit integer, p_with_members boolean, p_max_bytes integer
)
RETURNS TABLE (
  state text, touch boolean, total bigint, id text, version integer, created timestamptz,
  last_modified timestamptz, resource text, members text
)
LANGUAGE plpgsql STABLE
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
    RETURN QUERY SELECT scim_page_groups.state, scim_page_groups.touch, scim_page_groups.total, r.*
      FROM scim_read_groups(p_directory_id, ids, p_with_members, p_max_bytes) r;
    IF FOUND THEN RETURN; END IF;
  END IF;
  RETURN NEXT;
END
$$;
