-- The groups of some ids; see scim_read_users. Each is read by itself, because one alone may have more members than fit a page.
CREATE OR REPLACE FUNCTION scim_read_groups(p_directory_id text, p_ids text[], p_with_members boolean, p_max_bytes integer)
RETURNS TABLE (
  id text, version integer, created timestamptz, last_modified timestamptz, resource text, members text
)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
  bytes bigint := 0;
  added integer;
  wanted_id text;
BEGIN
  FOREACH wanted_id IN ARRAY p_ids LOOP
    SELECT g.id, g.version, g.created, g.last_modified, g.resource::text,
        CASE WHEN p_with_members THEN scim_members_of(p_directory_id, g.id)::text END
      INTO id, version, created, last_modified, resource, members
      FROM directory_groups g WHERE g.directory_id = p_directory_id AND g.id = wanted_id;
    CONTINUE WHEN NOT FOUND;
    added := octet_length(resource) + coalesce(octet_length(members), 0);
    IF bytes > 0 AND bytes + added > p_max_bytes THEN
      SELECT NULL, NULL::integer, NULL::timestamptz, NULL::timestamptz, NULL, NULL
        INTO id, version, created, last_modified, resource, members;
      RETURN NEXT;
      RETURN;
    END IF;
    bytes := bytes + added;
    RETURN NEXT;
  END LOOP;
END
$$;
