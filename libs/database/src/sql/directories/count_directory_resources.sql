-- Resources of a directory: what the drain has counted plus the deltas of the changes it has not consumed yet.
CREATE OR REPLACE FUNCTION count_directory_resources(
  p_directory_id text, OUT total_users bigint, OUT total_groups bigint
)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
  SELECT c.total_users + p.users, c.total_groups + p.groups INTO total_users, total_groups
  FROM directory_counters c, (
    SELECT coalesce(sum(ch.users_delta), 0) AS users, coalesce(sum(ch.groups_delta), 0) AS groups
    FROM changes ch
    WHERE ch.directory_id = p_directory_id AND (ch.users_delta <> 0 OR ch.groups_delta <> 0)) p
  WHERE c.directory_id = p_directory_id;
END
$$;
