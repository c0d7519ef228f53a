-- The maintained counts and the deltas of changes that are not drained yet, so that a total is right at once.
-- p_kinds_of_owners: kinds of changes that are no sync.
CREATE OR REPLACE FUNCTION read_directory_totals(
  p_environment_id text, p_directory_ids text[], p_kinds_of_owners text[]
)
RETURNS TABLE (directory_id text, total_users bigint, total_groups bigint, last_synced_at timestamptz)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT c.directory_id, c.total_users + coalesce(p.users, 0), c.total_groups + coalesce(p.groups, 0),
  greatest(c.last_synced_at, p.last_occurred_at)
FROM directory_counters c, LATERAL (
  SELECT sum(ch.users_delta)::bigint AS users, sum(ch.groups_delta)::bigint AS groups,
    max(ch.occurred_at) FILTER (WHERE NOT ch.kind = ANY (p_kinds_of_owners)) AS last_occurred_at
  FROM changes ch WHERE ch.directory_id = c.directory_id) p
WHERE c.environment_id = p_environment_id AND c.directory_id = ANY (p_directory_ids)
$$;
