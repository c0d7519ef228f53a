-- Groups by one exact key; a page of them ends early at p_max_bytes, as in scim_read_users.
-- p_attribute: displayName | externalId | id.
CREATE OR REPLACE FUNCTION scim_look_up_groups(
  p_directory_id text, p_secret_id text, p_secret_version integer,
  p_attribute text, p_key text, p_offset integer, p_limit integer, p_with_members boolean, p_max_bytes integer
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
    IF p_attribute = 'displayName' THEN
      ids := ARRAY(SELECT g.id FROM directory_groups g WHERE g.directory_id = p_directory_id AND g.display_name_key = p_key);
    ELSIF p_attribute = 'externalId' THEN
      ids := ARRAY(SELECT g.id FROM directory_groups g
        WHERE g.directory_id = p_directory_id AND g.external_id = p_key ORDER BY g.id);
    ELSIF p_attribute = 'id' THEN
      ids := ARRAY(SELECT g.id FROM directory_groups g WHERE g.directory_id = p_directory_id AND g.id = p_key);
    ELSE
      RAISE EXCEPTION 'scim_look_up_groups knows no attribute %', p_attribute;
    END IF;
    total := cardinality(ids);
    RETURN QUERY SELECT scim_look_up_groups.state, scim_look_up_groups.touch, scim_look_up_groups.total, r.*
      FROM scim_read_groups(p_directory_id, ids[p_offset + 1 : p_offset + p_limit], p_with_members, p_max_bytes) r;
    IF FOUND THEN RETURN; END IF;
  END IF;
  RETURN NEXT;
END
$$;
