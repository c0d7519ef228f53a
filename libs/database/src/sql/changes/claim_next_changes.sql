-- The next changes of a directory in id order, as many as make one batch: what a change costs is not its own size but the events it
-- makes and what is loaded for them. What was set aside counts again after p_set_aside; until then later changes of its resource wait.
-- p_limits: {changes, events, bytes, slice, slice_bytes}, the limits of libs/events, which says what each is. The first change is always
-- claimed; of its members only the first `taken` when they are too many (null = all).
CREATE OR REPLACE FUNCTION claim_next_changes(p_directory_id text, p_set_aside interval, p_limits jsonb)
RETURNS TABLE (
  id bigint, kind text, resource_id text, resource text, added text[], removed text[], occurred_at timestamptz, users_delta smallint,
  groups_delta smallint, taken integer, request_id text
)
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_sort = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  c record;
  cost_events integer;
  cost_bytes bigint;
  claimed integer := 0;
  v_changes integer := (p_limits ->> 'changes')::integer;
  events_left integer := (p_limits ->> 'events')::integer;
  bytes_left bigint := (p_limits ->> 'bytes')::bigint;
BEGIN
  FOR c IN
    SELECT ch.*, coalesce(octet_length(u.data), 0) AS published_bytes FROM changes ch
      LEFT JOIN published_users u ON u.directory_id = ch.directory_id AND u.id = ch.resource_id
      WHERE ch.directory_id = p_directory_id AND (ch.set_aside_time IS NULL OR ch.set_aside_time < now() - p_set_aside)
        AND NOT EXISTS (SELECT 1 FROM changes s WHERE s.directory_id = ch.directory_id AND s.resource_id = ch.resource_id
          AND s.id < ch.id AND s.set_aside_time >= now() - p_set_aside)
      ORDER BY ch.id LIMIT v_changes
  LOOP
    resource := c.resource::text;
    taken := NULL;
    cost_events := 1;
    cost_bytes := coalesce(octet_length(resource), 0) + c.published_bytes;
    IF c.kind NOT IN ('user_written', 'group_written', 'directory_written') THEN
      SELECT w.events, w.bytes, w.taken INTO cost_events, cost_bytes, taken
        FROM weigh_change(p_directory_id, c.kind, c.resource_id, c.added || c.removed, p_limits, events_left, bytes_left) w;
    END IF;
    EXIT WHEN claimed > 0 AND (cost_events > events_left OR cost_bytes > bytes_left);
    id := c.id;
    kind := c.kind;
    resource_id := c.resource_id;
    added := c.added;
    removed := c.removed;
    occurred_at := c.occurred_at;
    users_delta := c.users_delta;
    groups_delta := c.groups_delta;
    request_id := c.request_id;
    RETURN NEXT;
    claimed := claimed + 1;
    events_left := events_left - cost_events;
    bytes_left := bytes_left - cost_bytes;
    EXIT WHEN events_left <= 0 OR bytes_left <= 0;
  END LOOP;
END
$$;
