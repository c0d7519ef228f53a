-- Leases up to p_limit deliveries. p_of = 'tests': what the owner asked for; 'events': everything else, of which
-- a replay gets what live events leave free. p_after_directory_id: the directory that had its turn last; the directory of the last
-- row is the next one. Half of what is leased goes by age, half by turns of the directories (fifo: all).
-- p_rules: {hold_ms, lease_ms, window, deferred_at_once, directories_per_turn, front_of_directory}, the rules of libs/webhooks, which
-- say what each is; and of a caller that leases more than may begin at once, {slots, ahead_bytes}: how many may, and what the bodies of
-- the others may take with them.
CREATE OR REPLACE FUNCTION claim_deliveries(
  p_environment_id text, p_endpoint_id text, p_ordering text, p_enabled_time timestamptz, p_limit integer, p_of text,
  p_after_directory_id text, p_rules jsonb
)
RETURNS TABLE (
  directory_id text, id text, event_id text, attempt integer, replay_id text, test boolean, body text
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
  lease interval NOT NULL := (p_rules ->> 'lease_ms')::integer * interval '1 millisecond';
  p_latest text := ulid_floor(now() + interval '1 day');
  directories text[];
  ids text[];
  turned_directories text[];
  turned_ids text[];
BEGIN
  IF p_of = 'tests' THEN
    SELECT array_agg(f.directory_id), array_agg(f.id) INTO directories, ids
      FROM find_due_tests(p_environment_id, p_endpoint_id, p_limit, p_latest) f;
  ELSIF p_ordering = 'fifo' THEN
    SELECT array_agg(f.directory_id), array_agg(f.id) INTO directories, ids
      FROM find_due_heads(p_environment_id, p_endpoint_id, p_after_directory_id, p_limit, p_latest) f;
  ELSIF p_ordering = 'resource' THEN
    SELECT array_agg(f.directory_id), array_agg(f.id) INTO directories, ids
      FROM find_due_by_resource(p_environment_id, p_endpoint_id, p_enabled_time, p_rules, p_limit, p_latest) f;
  ELSE
    SELECT array_agg(f.directory_id), array_agg(f.id) INTO directories, ids
      FROM find_due(p_environment_id, p_endpoint_id, p_limit, p_latest) f;
  END IF;
  IF p_of = 'events' AND p_ordering <> 'fifo' AND (cardinality(ids) = p_limit
      OR p_ordering = 'resource' AND is_window_full(p_environment_id, p_endpoint_id, p_rules, p_latest)) THEN
    -- Of an odd limit the half is one time less, one time more: a single free place goes to either.
    SELECT array_agg(f.directory_id), array_agg(f.id) INTO turned_directories, turned_ids
      FROM find_due_in_turns(p_environment_id, p_endpoint_id, p_ordering, p_enabled_time, p_rules, p_after_directory_id,
        (p_limit + (random() < 0.5)::integer) / 2, p_latest) f;
    IF NOT turned_ids <@ coalesce(ids, '{}') THEN
      SELECT array_agg(m.directory_id ORDER BY m.turn, m.place), array_agg(m.id ORDER BY m.turn, m.place) INTO directories, ids FROM (
        SELECT b.directory_id, b.id, max(b.turn) AS turn, min(b.place) AS place FROM (
          SELECT 0 AS turn, a.directory_id, a.id, a.place FROM unnest(directories, ids) WITH ORDINALITY AS a (directory_id, id, place)
          UNION ALL
          SELECT 1, t.directory_id, t.id, t.place
            FROM unnest(turned_directories, turned_ids) WITH ORDINALITY AS t (directory_id, id, place)) b
        GROUP BY b.directory_id, b.id ORDER BY max(b.turn) DESC, min(b.place) LIMIT p_limit) m;
    END IF;
  END IF;
  IF p_of = 'events' AND coalesce(cardinality(ids), 0) < p_limit AND EXISTS (
      SELECT 1 FROM replays r WHERE r.environment_id = p_environment_id AND r.endpoint_id = p_endpoint_id) THEN
    SELECT directories || array_agg(f.directory_id), ids || array_agg(f.id) INTO directories, ids
      FROM find_due_of_replays(p_environment_id, p_endpoint_id, p_ordering, p_enabled_time, p_rules,
        p_limit - coalesce(cardinality(ids), 0), p_latest) f;
  END IF;
  IF cardinality(ids) > (p_rules ->> 'slots')::integer THEN
    SELECT array_agg(f.directory_id), array_agg(f.id) INTO directories, ids
      FROM trim_ahead(directories, ids, p_rules, p_latest) f;
  END IF;
  IF ids IS NULL THEN RETURN; END IF;
  RETURN QUERY
    WITH claimed AS (
      UPDATE deliveries d SET claimed_until = now() + lease
      FROM unnest(directories, ids) WITH ORDINALITY AS due (directory_id, id, place)
      WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.directory_id = due.directory_id
        AND d.id = due.id AND d.id < p_latest
      RETURNING d.directory_id, d.id, d.event_id, d.attempt + 1 AS attempt, d.replay_id, d.test, d.body, due.place
    )
    SELECT c.directory_id, c.id, c.event_id, c.attempt, c.replay_id, c.test, coalesce(c.body, e.body)
    FROM claimed c LEFT JOIN events e ON e.directory_id = c.directory_id AND e.id = c.event_id AND e.id < p_latest
    ORDER BY c.place;
END
$$;
