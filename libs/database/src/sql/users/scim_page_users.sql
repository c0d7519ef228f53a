-- One page of all users by id, which is the order of their creation. p_after: the id before the page ('' = from the first),
-- then p_offset more are skipped. The total is maintained, not counted. A page ends early at p_max_bytes: see scim_read_users.
CREATE OR REPLACE FUNCTION scim_page_users(
  p_directory_id text, p_secret_id text, p_secret_version integer,
  p_after text, p_offset integer, p_limit integer, p_with_groups boolean, p_max_bytes integer
)
RETURNS TABLE (
  state text, touch boolean, total bigint, id text, version integer, created timestamptz,
  last_modified timestamptz, resource text, groups text
)
LANGUAGE plpgsql STABLE
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
    RETURN QUERY SELECT scim_page_users.state, scim_page_users.touch, scim_page_users.total, r.*
      FROM scim_read_users(p_directory_id, ids, p_with_groups, p_max_bytes) r;
    IF FOUND THEN RETURN; END IF;
  END IF;
  RETURN NEXT;
END
$$;
