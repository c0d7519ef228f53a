-- In the order in which they were learned. One row without a path carries the state when there is nothing to show.
CREATE OR REPLACE FUNCTION scim_list_learned_attributes(
  p_directory_id text, p_secret_id text, p_secret_version integer
)
RETURNS TABLE (
  state text, touch boolean, resource_type text, schema text, path text, types text[], multi_valued boolean
)
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM set_config('rollcall.directory_id', p_directory_id, true);
  SELECT a.state, a.touch INTO state, touch FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
  IF state = 'ok' THEN
    RETURN QUERY SELECT scim_list_learned_attributes.state, scim_list_learned_attributes.touch,
        l.resource_type, l.schema, l.path, l.types, l.multi_valued
      FROM learned_attributes l WHERE l.directory_id = p_directory_id ORDER BY l.create_time, l.schema_key, l.path_key;
    IF FOUND THEN RETURN; END IF;
  END IF;
  RETURN NEXT;
END
$$;
