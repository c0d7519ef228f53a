-- Takes the values of a user who is being erased out of up to p_limit events of the user whose number is above p_after, in order:
-- out of those events, out of the events of groups that name the user, which were written in the same transactions, out of what
-- receivers answered to either, out of deliveries that carry such events of another database's log, and out of the members that named
-- nobody. Does nothing unless the user's erasure is under way.
-- last_sequence: where to go on; null when no event is left. in_flight: one of them is being sent as it was, so that its answer is
-- still to come. The numbers say what was changed by this call: one that is made again changes nothing twice.
CREATE OR REPLACE FUNCTION erase_person_events(
  p_environment_id text, p_directory_id text, p_user_id text, p_after bigint, p_limit integer
)
RETURNS TABLE (
  last_sequence bigint, in_flight boolean, events bigint, delivery_attempts bigint, unresolved_members bigint
)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_sort = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  person text := 'diruser_' || p_user_id;
  ids text[];
  transactions bigint[];
  known_as text[];
  carried text[];
BEGIN
  IF NOT EXISTS (SELECT 1 FROM erasures x WHERE x.environment_id = p_environment_id AND x.directory_id = p_directory_id
      AND x.user_id = p_user_id AND x.state <> 'finished') THEN
    RETURN;
  END IF;
  SELECT array_agg(o.id), array_agg(DISTINCT o.transaction_id), max(o.sequence) INTO ids, transactions, last_sequence FROM (
    SELECT e.id, e.transaction_id, e.sequence FROM events e
    WHERE e.directory_id = p_directory_id AND e.resource_id = p_user_id AND e.sequence > p_after
    ORDER BY e.sequence LIMIT p_limit) o;
  IF ids IS NULL THEN
    known_as := ARRAY[person, p_user_id];
    ids := '{}';
  ELSE
    known_as := ARRAY(
      SELECT n.name FROM events e, LATERAL (SELECT e.body::json AS body) b,
        LATERAL (VALUES (b.body -> 'data'), (b.body -> 'previous_attributes')) AS o (object),
        LATERAL (SELECT v.name FROM (VALUES (o.object ->> 'dp_id'), (o.object ->> 'preferred_username'), (o.object ->> 'email'))
            AS v (name)
          UNION ALL SELECT m.value ->> 'value' FROM json_array_elements(
            CASE json_typeof(o.object -> 'emails') WHEN 'array' THEN o.object -> 'emails' ELSE '[]' END) AS m) AS n
      WHERE e.directory_id = p_directory_id AND e.id = ANY (ids) AND n.name IS NOT NULL);
    -- Transaction by transaction, in the order of their index: with statistics that lag behind, PostgreSQL would look for each of
    -- them among all events of the environment, and it may not sort.
    ids := ids || ARRAY(SELECT o.id FROM unnest(transactions) AS t (id), LATERAL (SELECT e.id FROM events e
      WHERE e.environment_id = p_environment_id AND e.transaction_id BETWEEN t.id AND t.id AND e.directory_id = p_directory_id
        AND e.type = 'organization.directory.group_members_changed' AND strpos(e.body, person) > 0
      ORDER BY e.transaction_id, e.sequence OFFSET 0) o);
  END IF;
  DELETE FROM unresolved_members n WHERE n.directory_id = p_directory_id AND n.value = ANY (known_as);
  GET DIAGNOSTICS unresolved_members = ROW_COUNT;
  UPDATE events e SET body = r.body FROM (
      SELECT o.id, redact_event(o.body, person) AS body FROM events o WHERE o.directory_id = p_directory_id AND o.id = ANY (ids)) r
    WHERE e.directory_id = p_directory_id AND e.id = r.id AND e.body <> r.body;
  GET DIAGNOSTICS events = ROW_COUNT;
  UPDATE delivery_attempts a SET response_body = '', response_headers = '{}' FROM deliveries d
    WHERE d.directory_id = p_directory_id AND d.event_id = ANY (ids) AND a.directory_id = d.directory_id AND a.delivery_id = d.id
      AND (a.response_body <> '' OR a.response_headers <> '{}');
  GET DIAGNOSTICS delivery_attempts = ROW_COUNT;
  in_flight := EXISTS (SELECT 1 FROM deliveries d
    WHERE d.directory_id = p_directory_id AND d.event_id = ANY (ids) AND d.claimed_until > now());
  carried := ARRAY(SELECT d.id FROM deliveries d WHERE d.directory_id = p_directory_id AND d.body IS NOT NULL
    AND d.sequence IS NOT NULL AND strpos(d.body, person) > 0);
  IF carried <> '{}' THEN
    UPDATE deliveries d SET body = redact_event(d.body, person) WHERE d.directory_id = p_directory_id AND d.id = ANY (carried)
      AND (d.claimed_until IS NULL OR d.claimed_until <= now()) AND d.body <> redact_event(d.body, person);
    UPDATE delivery_attempts a SET response_body = '', response_headers = '{}' WHERE a.directory_id = p_directory_id
      AND a.delivery_id = ANY (carried) AND (a.response_body <> '' OR a.response_headers <> '{}');
    in_flight := in_flight OR EXISTS (SELECT 1 FROM deliveries d
      WHERE d.directory_id = p_directory_id AND d.id = ANY (carried) AND d.claimed_until > now());
  END IF;
  RETURN NEXT;
END
$$;
