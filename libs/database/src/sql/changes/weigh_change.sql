-- What a change costs that makes many events: how many, and the bytes of the published users that are loaded for them. taken: how many of
-- p_members fit into what is left, at least one; null when all do. p_limits: see claim_next_changes.
CREATE OR REPLACE FUNCTION weigh_change(
  p_directory_id text, p_kind text, p_resource_id text, p_members text[], p_limits jsonb, p_events_left integer, p_bytes_left bigint,
  OUT events integer, OUT bytes bigint, OUT taken integer
)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
  v_slice integer := (p_limits ->> 'slice')::integer;
BEGIN
  IF p_kind = 'members_changed' THEN
    SELECT 1 + count(*), coalesce(max(m.bytes), 0), greatest(1, least(p_events_left - 1, count(*) FILTER (WHERE m.bytes <= p_bytes_left)))
      INTO events, bytes, taken
      FROM (SELECT sum(coalesce(octet_length(u.data), 0)) OVER (ORDER BY a.place) AS bytes
        FROM unnest(p_members) WITH ORDINALITY AS a (user_id, place)
        LEFT JOIN published_users u ON u.directory_id = p_directory_id AND u.id = a.user_id) m;
    IF events <= p_events_left AND bytes <= p_bytes_left THEN taken := NULL; END IF;
  ELSIF p_kind = 'user_deleted' THEN
    SELECT 1 + count(*) INTO events FROM (SELECT 1 FROM published_memberships m
      WHERE m.directory_id = p_directory_id AND m.user_id = p_resource_id LIMIT p_events_left) m;
    SELECT coalesce(sum(octet_length(u.data)), 0) INTO bytes FROM published_users u
      WHERE u.directory_id = p_directory_id AND u.id = p_resource_id;
  ELSIF p_kind = 'group_deleted' THEN
    SELECT 1 + count(*), least(coalesce(sum(octet_length(u.data)), 0), (p_limits ->> 'slice_bytes')::bigint) INTO events, bytes
      FROM (SELECT m.user_id FROM published_memberships m WHERE m.directory_id = p_directory_id AND m.group_id = p_resource_id
        ORDER BY m.user_id LIMIT v_slice) m
      LEFT JOIN published_users u ON u.directory_id = p_directory_id AND u.id = m.user_id;
  ELSE
    events := v_slice;
    bytes := (p_limits ->> 'slice_bytes')::bigint;
  END IF;
END
$$;
