-- The users of some ids, in their order, until p_max_bytes of JSON; a last row without an id says that there were more. The first
-- is always there. JSON is text, which is made once, to be measured and sent. The caller has set the tenant. It is STABLE, as are the
-- functions that call it: whoever was found is read as the same snapshot has it, so that none is missing for having been deleted since.
CREATE OR REPLACE FUNCTION scim_read_users(p_directory_id text, p_ids text[], p_with_groups boolean, p_max_bytes integer)
RETURNS TABLE (
  id text, version integer, created timestamptz, last_modified timestamptz, resource text, groups text
)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
  bytes bigint := 0;
  added integer;
BEGIN
  -- The rows come as they are found, id by id: to sort them would be to make them all first.
  FOR id, version, created, last_modified, resource, groups IN
    SELECT u.id, u.version, u.created, u.last_modified, scim_show_user(p_directory_id, u.resource)::text, CASE WHEN p_with_groups THEN (
        SELECT jsonb_agg(jsonb_build_object('value', g.id, 'display', g.display) ORDER BY g.id)
        FROM memberships m, LATERAL (
          SELECT d.id, d.resource->>'displayName' AS display FROM directory_groups d
          WHERE d.directory_id = p_directory_id AND d.id = m.group_id LIMIT 1) g
        WHERE m.directory_id = p_directory_id AND m.member_id = u.id)::text END
    FROM unnest(p_ids) AS found (id), LATERAL (
      SELECT d.* FROM directory_users d WHERE d.directory_id = p_directory_id AND d.id = found.id LIMIT 1) u
  LOOP
    added := octet_length(resource) + coalesce(octet_length(groups), 0);
    IF bytes > 0 AND bytes + added > p_max_bytes THEN
      SELECT NULL, NULL::integer, NULL::timestamptz, NULL::timestamptz, NULL, NULL
        INTO id, version, created, last_modified, resource, groups;
      RETURN NEXT;
      RETURN;
    END IF;
    bytes := bytes + added;
    RETURN NEXT;
  END LOOP;
END
$$;
