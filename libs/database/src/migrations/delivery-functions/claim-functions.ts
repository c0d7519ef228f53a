import { ALONG_INDEXES, LATEST } from './along-indexes';

/** How long an earlier delivery of a resource holds later ones back, from its first attempt. */
const HOLD = `interval '15 minutes'`;

/** Rows at the front of a backlog that are looked at for some that may go. */
const WINDOW = 100;
/** Rows that one claim defers when too few may go; it holds the endpoint's lock meanwhile. */
const DEFERRED_AT_ONCE = 200;

/** Directories that one claim looks at to let them have their turn, and the rows at the front of each. */
const DIRECTORIES_PER_TURN = 50;
const FRONT_OF_DIRECTORY = 20;

/** Pending deliveries of the endpoint; none is in a partition of the weeks to come, see LATEST. */
const OF_ENDPOINT = (delivery: string) =>
  `${delivery}.environment_id = p_environment_id AND ${delivery}.endpoint_id = p_endpoint_id AND ${delivery}.state = 'pending' AND ${delivery}.id < p_latest`;

/** Deliveries d that are due and that nobody has leased. */
const DUE = `${OF_ENDPOINT('d')} AND d.next_attempt_time <= now() AND (d.claimed_until IS NULL OR d.claimed_until <= now())`;

/** Events as they happen: no test, no replay. */
const LIVE = (delivery: string) => `NOT ${delivery}.test AND ${delivery}.replay_id IS NULL`;

/**
 * Deliveries p that hold d up under ordering "resource". Nothing could be sent while the endpoint was disabled, so that a hold
 * runs anew from when it was enabled again.
 */
const HOLDING = `${OF_ENDPOINT('p')} AND p.directory_id = d.directory_id AND p.resource_id = d.resource_id AND p.sequence < d.sequence
  AND (p.first_attempt_time IS NULL OR greatest(p.first_attempt_time, p_enabled_time) > now() - ${HOLD})`;

/** Which deliveries go next. Each costs the same whatever the length of the backlog; the caller holds the endpoint's lock. */
export const CLAIM_FUNCTIONS: Record<string, string> = {
  // Those with the longest wait.
  'find_due(text, text, integer, text)': `CREATE FUNCTION find_due(p_environment_id text, p_endpoint_id text, p_limit integer, p_latest text)
    RETURNS TABLE (directory_id text, id text) LANGUAGE plpgsql AS $$
    #variable_conflict use_column
    BEGIN
      RETURN QUERY SELECT d.directory_id, d.id FROM deliveries d WHERE ${DUE} AND ${LIVE('d')}
        ORDER BY d.next_attempt_time, d.id LIMIT p_limit;
    END $$`,

  // Those with the longest wait that no earlier one of their resource holds up. What is held up at the front of a backlog is
  // deferred when it stands in the way, so that nobody passes it again and again.
  'find_due_by_resource(text, text, timestamptz, integer, text)': `CREATE FUNCTION find_due_by_resource(
      p_environment_id text, p_endpoint_id text, p_enabled_time timestamptz, p_limit integer, p_latest text)
    RETURNS TABLE (directory_id text, id text) LANGUAGE plpgsql AS $$
    #variable_conflict use_column
    DECLARE
      directories text[];
      ids text[];
      deferred boolean := false;
    BEGIN
      LOOP
        SELECT array_agg(f.directory_id), array_agg(f.id) INTO directories, ids FROM (
          SELECT d.directory_id, d.id FROM (
            SELECT d.directory_id, d.id, d.resource_id, d.sequence, d.next_attempt_time FROM deliveries d WHERE ${DUE} AND ${LIVE('d')}
            ORDER BY d.next_attempt_time, d.id LIMIT ${WINDOW}) d
          WHERE NOT EXISTS (SELECT 1 FROM deliveries p WHERE ${HOLDING} AND ${LIVE('p')})
          ORDER BY d.next_attempt_time, d.id LIMIT p_limit) f;
        EXIT WHEN deferred OR cardinality(ids) = p_limit OR NOT is_window_full(p_environment_id, p_endpoint_id, p_latest);
        deferred := defer_held(p_environment_id, p_endpoint_id, p_enabled_time, p_latest);
        EXIT WHEN NOT deferred;
      END LOOP;
      RETURN QUERY SELECT * FROM unnest(directories, ids);
    END $$`,

  // Whether so many are due that not all were looked at.
  'is_window_full(text, text, text)': `CREATE FUNCTION is_window_full(p_environment_id text, p_endpoint_id text, p_latest text)
    RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM deliveries d WHERE ${DUE} AND ${LIVE('d')} AND d.attempt = 0
        ORDER BY d.next_attempt_time, d.id OFFSET ${WINDOW - 1} LIMIT 1;
      RETURN FOUND;
    END $$`,

  // Moves deliveries at the front of the backlog that were not tried yet and are held up to when the hold ends. They become due
  // before that when the delivery that holds them comes to its end (advance_lines). Returns whether there were any.
  'defer_held(text, text, timestamptz, text)': `CREATE FUNCTION defer_held(p_environment_id text, p_endpoint_id text, p_enabled_time timestamptz, p_latest text)
    RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      WITH front AS MATERIALIZED (
        SELECT d.directory_id, d.id, d.resource_id, d.sequence, d.attempt FROM deliveries d WHERE ${DUE} AND ${LIVE('d')}
        ORDER BY d.next_attempt_time, d.id LIMIT ${DEFERRED_AT_ONCE}
      ), held AS MATERIALIZED (
        SELECT d.directory_id, d.id, (
          SELECT greatest(coalesce(p.first_attempt_time, now()), p_enabled_time) + ${HOLD} FROM deliveries p
          WHERE ${HOLDING} AND ${LIVE('p')} ORDER BY p.sequence LIMIT 1) AS until
        FROM front d WHERE d.attempt = 0
      )
      UPDATE deliveries d SET next_attempt_time = h.until FROM held h
        WHERE h.until IS NOT NULL AND d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.directory_id = h.directory_id AND d.id = h.id AND d.id < p_latest;
      IF NOT FOUND THEN RETURN false; END IF;
      UPDATE webhook_endpoint_health h SET deferring = true
        WHERE h.environment_id = p_environment_id AND h.endpoint_id = p_endpoint_id AND NOT h.deferring;
      RETURN true;
    END $$`,

  // The first of each directory, in turns of the directories, unless a replay of the directory runs; before them, what has no
  // number and waits for nothing.
  'find_due_heads(text, text, text, integer, text)': `CREATE FUNCTION find_due_heads(
      p_environment_id text, p_endpoint_id text, p_after_directory_id text, p_limit integer, p_latest text)
    RETURNS TABLE (directory_id text, id text) LANGUAGE plpgsql AS $$
    #variable_conflict use_column
    DECLARE
      head record;
      place text := p_after_directory_id;
      from_start boolean := p_after_directory_id = '';
      free integer;
    BEGIN
      RETURN QUERY
        WITH unnumbered AS MATERIALIZED (SELECT d.directory_id, d.id FROM deliveries d WHERE ${DUE} AND ${LIVE('d')} AND d.sequence IS NULL)
        SELECT u.directory_id, u.id FROM unnumbered u ORDER BY u.id LIMIT p_limit;
      GET DIAGNOSTICS free = ROW_COUNT;
      free := p_limit - free;
      WHILE free > 0 LOOP
        SELECT d.directory_id, d.id, d.next_attempt_time <= now() AND (d.claimed_until IS NULL OR d.claimed_until <= now()) AS due INTO head
          FROM deliveries d WHERE ${OF_ENDPOINT('d')} AND d.directory_id > place AND d.sequence IS NOT NULL AND ${LIVE('d')}
          ORDER BY d.directory_id, d.sequence LIMIT 1;
        IF head.id IS NULL OR from_start AND head.directory_id > p_after_directory_id AND p_after_directory_id <> '' THEN
          EXIT WHEN from_start;
          from_start := true;
          place := '';
          CONTINUE;
        END IF;
        place := head.directory_id;
        CONTINUE WHEN NOT head.due OR EXISTS (SELECT 1 FROM replays r
          WHERE r.environment_id = p_environment_id AND r.endpoint_id = p_endpoint_id AND r.state = 'running'
            AND (r.directory_id IS NULL OR r.directory_id = head.directory_id));
        directory_id := head.directory_id;
        id := head.id;
        RETURN NEXT;
        free := free - 1;
      END LOOP;
    END $$`,

  // One of each directory, the directories in turns: the first at the front of its line that may go. So an import of one directory
  // does not make the events of the others wait for its end; find_due and find_due_by_resource go by age alone.
  'find_due_in_turns(text, text, text, timestamptz, text, integer, text)': `CREATE FUNCTION find_due_in_turns(
      p_environment_id text, p_endpoint_id text, p_ordering text, p_enabled_time timestamptz, p_after_directory_id text,
      p_limit integer, p_latest text)
    RETURNS TABLE (directory_id text, id text) LANGUAGE plpgsql AS $$
    #variable_conflict use_column
    DECLARE
      place text := p_after_directory_id;
      from_start boolean := p_after_directory_id = '';
      next_directory_id text;
      next_id text;
      free integer := p_limit;
    BEGIN
      FOR look IN 1..${DIRECTORIES_PER_TURN} LOOP
        EXIT WHEN free <= 0;
        next_directory_id := (SELECT d.directory_id FROM deliveries d
          WHERE ${OF_ENDPOINT('d')} AND d.directory_id > place AND d.sequence IS NOT NULL AND ${LIVE('d')}
          ORDER BY d.directory_id, d.sequence LIMIT 1);
        IF next_directory_id IS NULL OR from_start AND p_after_directory_id <> '' AND next_directory_id > p_after_directory_id THEN
          EXIT WHEN from_start;
          from_start := true;
          place := '';
          CONTINUE;
        END IF;
        place := next_directory_id;
        next_id := (SELECT d.id FROM (
            SELECT d.directory_id, d.id, d.resource_id, d.sequence, d.next_attempt_time, d.claimed_until FROM deliveries d
            WHERE ${OF_ENDPOINT('d')} AND d.directory_id = next_directory_id AND d.sequence IS NOT NULL AND ${LIVE('d')}
            ORDER BY d.sequence LIMIT ${FRONT_OF_DIRECTORY}) d
          WHERE d.next_attempt_time <= now() AND (d.claimed_until IS NULL OR d.claimed_until <= now())
            AND (p_ordering = 'none' OR NOT EXISTS (SELECT 1 FROM deliveries p WHERE ${HOLDING} AND ${LIVE('p')}))
          ORDER BY d.sequence LIMIT 1);
        CONTINUE WHEN next_id IS NULL;
        directory_id := next_directory_id;
        id := next_id;
        RETURN NEXT;
        free := free - 1;
      END LOOP;
    END $$`,

  // Of replays that are not paused. Each has a line of its own, so that it never waits for an event that waits for it; few of its
  // deliveries are pending at one time.
  'find_due_of_replays(text, text, text, timestamptz, integer, text)': `CREATE FUNCTION find_due_of_replays(
      p_environment_id text, p_endpoint_id text, p_ordering text, p_enabled_time timestamptz, p_limit integer, p_latest text)
    RETURNS TABLE (directory_id text, id text) LANGUAGE plpgsql AS $$
    #variable_conflict use_column
    BEGIN
      RETURN QUERY
        WITH due AS MATERIALIZED (
          SELECT d.directory_id, d.id, d.resource_id, d.sequence, d.replay_id, d.next_attempt_time FROM deliveries d
          WHERE ${DUE} AND d.replay_id IS NOT NULL)
        SELECT d.directory_id, d.id FROM due d
        WHERE NOT EXISTS (SELECT 1 FROM replays r
            WHERE r.environment_id = p_environment_id AND r.id = d.replay_id AND r.state = 'paused')
          AND CASE p_ordering
            WHEN 'resource' THEN NOT EXISTS (SELECT 1 FROM deliveries p WHERE ${HOLDING} AND p.replay_id = d.replay_id)
            WHEN 'fifo' THEN NOT EXISTS (SELECT 1 FROM deliveries p
              WHERE ${OF_ENDPOINT('p')} AND p.replay_id = d.replay_id AND p.directory_id = d.directory_id AND p.sequence < d.sequence)
            ELSE true END
        ORDER BY d.next_attempt_time, d.id LIMIT p_limit;
    END $$`,

  // Tests that the owner asked for.
  'find_due_tests(text, text, integer, text)': `CREATE FUNCTION find_due_tests(p_environment_id text, p_endpoint_id text, p_limit integer, p_latest text)
    RETURNS TABLE (directory_id text, id text) LANGUAGE plpgsql AS $$
    #variable_conflict use_column
    BEGIN
      RETURN QUERY
        WITH due AS MATERIALIZED (SELECT d.directory_id, d.id, d.next_attempt_time FROM deliveries d WHERE ${DUE} AND d.test)
        SELECT d.directory_id, d.id FROM due d ORDER BY d.next_attempt_time, d.id LIMIT p_limit;
    END $$`,

  // Milliseconds until another delivery is due, asked when none could be leased; 0 = there are more to look at now.
  'find_next_due_ms(text, text, text)': `CREATE FUNCTION find_next_due_ms(p_environment_id text, p_endpoint_id text, p_ordering text)
    RETURNS float8 LANGUAGE plpgsql ${ALONG_INDEXES} AS $$
    DECLARE
      p_latest text := ${LATEST};
    BEGIN
      IF p_ordering = 'resource' AND is_window_full(p_environment_id, p_endpoint_id, p_latest) THEN RETURN 0; END IF;
      RETURN (SELECT extract(epoch FROM d.next_attempt_time - now())::float8 * 1000 FROM deliveries d
        WHERE ${OF_ENDPOINT('d')} AND d.next_attempt_time > now() ORDER BY d.next_attempt_time LIMIT 1);
    END $$`,

  // Leases up to p_limit deliveries for 30 seconds. p_of = 'tests': what the owner asked for; 'events': everything else, of which
  // a replay gets what live events leave free. p_after_directory_id: the directory that had its turn last; the directory of the last
  // row is the next one. Half of what is leased goes by age, half by turns of the directories (fifo: all).
  'claim_deliveries(text, text, text, timestamptz, integer, text, text)': `CREATE FUNCTION claim_deliveries(
      p_environment_id text, p_endpoint_id text, p_ordering text, p_enabled_time timestamptz, p_limit integer, p_of text,
      p_after_directory_id text)
    RETURNS TABLE (directory_id text, id text, event_id text, attempt integer, replay_id text, test boolean, body text)
    LANGUAGE plpgsql ${ALONG_INDEXES} AS $$
    #variable_conflict use_column
    DECLARE
      p_latest text := ${LATEST};
      directories text[];
      ids text[];
      replayed_directories text[];
      replayed_ids text[];
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
          FROM find_due_by_resource(p_environment_id, p_endpoint_id, p_enabled_time, p_limit, p_latest) f;
      ELSE
        SELECT array_agg(f.directory_id), array_agg(f.id) INTO directories, ids
          FROM find_due(p_environment_id, p_endpoint_id, p_limit, p_latest) f;
      END IF;
      IF p_of = 'events' AND p_ordering <> 'fifo' AND (cardinality(ids) = p_limit
          OR p_ordering = 'resource' AND is_window_full(p_environment_id, p_endpoint_id, p_latest)) THEN
        -- Of an odd limit the half is one time less, one time more: a single free place goes to either.
        SELECT array_agg(f.directory_id), array_agg(f.id) INTO turned_directories, turned_ids
          FROM find_due_in_turns(p_environment_id, p_endpoint_id, p_ordering, p_enabled_time, p_after_directory_id,
            (p_limit + (random() < 0.5)::integer) / 2, p_latest) f;
        IF NOT turned_ids <@ coalesce(ids, '{}') THEN
          SELECT array_agg(m.directory_id ORDER BY m.turn, m.place), array_agg(m.id ORDER BY m.turn, m.place) INTO directories, ids FROM (
            SELECT b.directory_id, b.id, max(b.turn) AS turn, min(b.place) AS place FROM (
              SELECT 0 AS turn, a.directory_id, a.id, a.place FROM unnest(directories, ids) WITH ORDINALITY AS a (directory_id, id, place)
              UNION ALL
              SELECT 1, t.directory_id, t.id, t.place FROM unnest(turned_directories, turned_ids) WITH ORDINALITY AS t (directory_id, id, place)) b
            GROUP BY b.directory_id, b.id ORDER BY max(b.turn) DESC, min(b.place) LIMIT p_limit) m;
        END IF;
      END IF;
      IF p_of = 'events' AND coalesce(cardinality(ids), 0) < p_limit AND EXISTS (
          SELECT 1 FROM replays r WHERE r.environment_id = p_environment_id AND r.endpoint_id = p_endpoint_id) THEN
        SELECT array_agg(f.directory_id), array_agg(f.id) INTO replayed_directories, replayed_ids
          FROM find_due_of_replays(p_environment_id, p_endpoint_id, p_ordering, p_enabled_time,
            p_limit - coalesce(cardinality(ids), 0), p_latest) f;
        directories := directories || replayed_directories;
        ids := ids || replayed_ids;
      END IF;
      IF ids IS NULL THEN RETURN; END IF;
      RETURN QUERY
        WITH claimed AS (
          UPDATE deliveries d SET claimed_until = now() + interval '30 seconds'
          FROM unnest(directories, ids) WITH ORDINALITY AS due (directory_id, id, place)
          WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.directory_id = due.directory_id
            AND d.id = due.id AND d.id < p_latest
          RETURNING d.directory_id, d.id, d.event_id, d.attempt + 1 AS attempt, d.replay_id, d.test, d.body, due.place
        )
        SELECT c.directory_id, c.id, c.event_id, c.attempt, c.replay_id, c.test, coalesce(c.body, e.body)
        FROM claimed c LEFT JOIN events e ON e.directory_id = c.directory_id AND e.id = c.event_id AND e.id < p_latest
        ORDER BY c.place;
    END $$`,
};
