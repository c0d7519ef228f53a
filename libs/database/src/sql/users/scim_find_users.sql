-- Users by one exact key: the look-up that every identity provider makes before it writes.
-- p_attribute: userName | externalId | emails.value | id; keys are folded as the columns are. A userName is one user's.
CREATE OR REPLACE FUNCTION scim_find_users(
  p_directory_id text, p_secret_id text, p_secret_version integer,
  p_attribute text, p_key text, p_offset integer, p_limit integer
)
RETURNS TABLE (
  state text, touch boolean, total bigint, id text, version integer, created timestamptz,
  last_modified timestamptz, resource jsonb, groups jsonb
)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
  admission record;
  ids text[];
BEGIN
  admission := scim_admit(p_directory_id, p_secret_id, p_secret_version);
  state := admission.state;
  touch := admission.touch;
  IF state = 'ok' AND p_attribute = 'userName' AND p_offset = 0 AND p_limit > 0 THEN
    SELECT u.id, u.version, u.created, u.last_modified, scim_show_user(p_directory_id, u.resource), (
        SELECT jsonb_agg(jsonb_build_object('value', g.id, 'display', g.display)) FROM (
          SELECT m.group_id FROM memberships m
          WHERE m.directory_id = p_directory_id AND m.member_id = u.id ORDER BY m.group_id) held, LATERAL (
          SELECT d.id, d.resource->>'displayName' AS display FROM directory_groups d
          WHERE d.directory_id = p_directory_id AND d.id = held.group_id LIMIT 1) g)
      INTO id, version, created, last_modified, resource, groups
      FROM directory_users u WHERE u.directory_id = p_directory_id AND u.user_name_key = p_key;
    total := CASE WHEN FOUND THEN 1 ELSE 0 END;
  ELSIF state = 'ok' THEN
    IF p_attribute = 'userName' THEN
      ids := ARRAY(SELECT u.id FROM directory_users u WHERE u.directory_id = p_directory_id AND u.user_name_key = p_key);
    ELSIF p_attribute = 'externalId' THEN
      ids := ARRAY(SELECT u.id FROM directory_users u
        WHERE u.directory_id = p_directory_id AND u.external_id = p_key ORDER BY u.id);
    ELSIF p_attribute = 'emails.value' THEN
      ids := ARRAY(SELECT e.user_id FROM directory_user_emails e
        WHERE e.directory_id = p_directory_id AND e.value_key = p_key ORDER BY e.user_id);
    ELSIF p_attribute = 'id' THEN
      ids := ARRAY(SELECT u.id FROM directory_users u WHERE u.directory_id = p_directory_id AND u.id = p_key);
    ELSE
      RAISE EXCEPTION 'scim_find_users knows no attribute %', p_attribute;
    END IF;
    total := cardinality(ids);
    ids := ids[p_offset + 1 : p_offset + p_limit];
    IF cardinality(ids) > 12 THEN
      -- Only many users who share a key can be more than a page may have.
      RETURN QUERY SELECT scim_find_users.state, scim_find_users.touch, scim_find_users.total,
          r.id, r.version, r.created, r.last_modified, r.resource::jsonb, r.groups::jsonb
        FROM scim_read_users(p_directory_id, ids, true, 3000000) r;
      IF FOUND THEN RETURN; END IF;
    END IF;
    RETURN QUERY SELECT scim_find_users.state, scim_find_users.touch, scim_find_users.total,
        u.id, u.version, u.created, u.last_modified, scim_show_user(p_directory_id, u.resource), (
            SELECT jsonb_agg(jsonb_build_object('value', g.id, 'display', g.display)) FROM (
              SELECT m.group_id FROM memberships m
              WHERE m.directory_id = p_directory_id AND m.member_id = u.id ORDER BY m.group_id) held, LATERAL (
              SELECT d.id, d.resource->>'displayName' AS display FROM directory_groups d
              WHERE d.directory_id = p_directory_id AND d.id = held.group_id LIMIT 1) g)
      FROM unnest(ids) AS found (id), LATERAL (
        SELECT d.* FROM directory_users d WHERE d.directory_id = p_directory_id AND d.id = found.id LIMIT 1) u
      ORDER BY u.id;
    IF FOUND THEN RETURN; END IF;
  END IF;
  -- One row: the user of a userName, or the state and the total when there is nothing to show.
  RETURN NEXT;
END
$$;
