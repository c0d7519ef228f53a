-- One of each directory, the directories in turns: the first at the front of its line that may go. So an import of one directory
-- does not make the events of the others wait for its end; find_due and find_due_by_resource go by age alone.
-- p_rules: see claim_deliveries. What holds one up is looked for as in find_due_by_resource.
CREATE OR REPLACE FUNCTION find_due_in_turns(
  p_environment_id text, p_endpoint_id text, p_ordering text, p_enabled_time timestamptz, p_rules jsonb,
  p_after_directory_id text, p_limit integer, p_latest text
)
RETURNS TABLE (directory_id text, id text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
  hold interval NOT NULL := (p_rules ->> 'hold_ms')::integer * interval '1 millisecond';
  directories integer NOT NULL := (p_rules ->> 'directories_per_turn')::integer;
  front integer NOT NULL := (p_rules ->> 'front_of_directory')::integer;
  place text := p_after_directory_id;
  from_start boolean := p_after_directory_id = '';
  next_directory_id text;
  next_id text;
  free integer := p_limit;
BEGIN
  FOR look IN 1..directories LOOP
    EXIT WHEN free <= 0;
    next_directory_id := (SELECT d.directory_id FROM deliveries d
      WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.state = 'pending'
        AND d.id < p_latest AND d.directory_id > place AND d.sequence IS NOT NULL AND NOT d.test AND d.replay_id IS NULL
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
        WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.state = 'pending'
          AND d.id < p_latest AND d.directory_id = next_directory_id AND d.sequence IS NOT NULL AND NOT d.test
          AND d.replay_id IS NULL
        ORDER BY d.sequence LIMIT front) d
      WHERE d.next_attempt_time <= now() AND (d.claimed_until IS NULL OR d.claimed_until <= now())
        AND (p_ordering = 'none' OR (SELECT true FROM deliveries p WHERE p.environment_id = p_environment_id
          AND p.endpoint_id = p_endpoint_id AND p.state = 'pending' AND p.id < p_latest
          AND p.directory_id = d.directory_id AND p.resource_id >= d.resource_id
          AND (p.resource_id, p.sequence) < (d.resource_id, d.sequence)
          AND (p.first_attempt_time IS NULL OR greatest(p.first_attempt_time, p_enabled_time) > now() - hold)
          AND NOT p.test AND p.replay_id IS NULL
          ORDER BY p.resource_id, p.sequence LIMIT 1) IS NULL)
      ORDER BY d.sequence LIMIT 1);
    CONTINUE WHEN next_id IS NULL;
    directory_id := next_directory_id;
    id := next_id;
    RETURN NEXT;
    free := free - 1;
  END LOOP;
END
$$;
