-- Keeps values that name neither a user nor a group of the directory, up to p_limit of a group.
CREATE OR REPLACE FUNCTION scim_record_unresolved(p_directory_id text, p_group_id text, p_values text[], p_limit integer)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO unresolved_members (directory_id, group_id, value, cause)
    SELECT p_directory_id, p_group_id, v, 'No user or group of this directory has this id or externalId.'
    FROM unnest(p_values) AS v
    LIMIT greatest(0, p_limit - (SELECT count(*) FROM unresolved_members n
      WHERE n.directory_id = p_directory_id AND n.group_id = p_group_id))
    ON CONFLICT DO NOTHING;
END
$$;
