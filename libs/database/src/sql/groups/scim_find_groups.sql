-- p_attribute: displayName | externalId | id.
CREATE OR REPLACE FUNCTION scim_find_groups(
  p_directory_id text, p_secret_id text, p_secret_version integer,
  p_attribute text, p_key text, p_offset integer, p_limit integer, p_with_members boolean
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
    IF p_attribute = 'displayName' THEN
      ids := ARRAY(SELECT g.id FROM directory_groups g WHERE g.directory_id = p_directory_id AND g.display_name_key = p_key);
    ELSIF p_attribute = 'externalId' THEN
      ids := ARRAY(SELECT g.id FROM directory_groups g
        WHERE g.directory_id = p_directory_id AND g.external_id = p_key ORDER BY g.id);
    ELSIF p_attribute = 'id' THEN
      ids := ARRAY(SELECT g.id FROM directory_groups g WHERE g.directory_id = p_directory_id AND g.id = p_key);
    ELSE
      RAISE EXCEPTION 'scim_find_groups knows no attribute %', p_attribute;
    END IF;
    total := cardinality(ids);
    RETURN QUERY SELECT scim_find_groups.state, scim_find_groups.touch, scim_find_groups.total,
        g.id, g.version, g.created, g.last_modified, g.resource,
        CASE WHEN p_with_members THEN scim_members_of(p_directory_id, g.id) END
      FROM unnest(ids[p_offset + 1 : p_offset + p_limit]) AS found (id), LATERAL (
        SELECT d.* FROM directory_groups d WHERE d.directory_id = p_directory_id AND d.id = found.id LIMIT 1) g
      ORDER BY g.id;
    IF FOUND THEN RETURN; END IF;
  END IF;
  RETURN NEXT;
END
$$;
