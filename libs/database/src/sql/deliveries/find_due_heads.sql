-- The first of each directory, in turns of the directories, unless a replay of the directory runs; before them, what has no
-- number and waits for nothing.
CREATE OR REPLACE FUNCTION find_due_heads(
  p_environment_id text, p_endpoint_id text, p_after_directory_id text, p_limit integer, p_latest text
)
RETURNS TABLE (directory_id text, id text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
  head record;
  place text := p_after_directory_id;
  from_start boolean := p_after_directory_id = '';
  free integer;
BEGIN
  RETURN QUERY
    WITH unnumbered AS MATERIALIZED (SELECT d.directory_id, d.id FROM deliveries d
      WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.state = 'pending'
      AND d.id < p_latest AND d.next_attempt_time <= now() AND (d.claimed_until IS NULL OR d.claimed_until <= now())
      AND NOT d.test AND d.replay_id IS NULL AND d.sequence IS NULL)
    SELECT u.directory_id, u.id FROM unnumbered u ORDER BY u.id LIMIT p_limit;
  GET DIAGNOSTICS free = ROW_COUNT;
  free := p_limit - free;
  WHILE free > 0 LOOP
    SELECT d.directory_id, d.id, d.next_attempt_time <= now() AND (d.claimed_until IS NULL OR d.claimed_until <= now()) AS due INTO head
      FROM deliveries d WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id
        AND d.state = 'pending' AND d.id < p_latest AND d.directory_id > place AND d.sequence IS NOT NULL
        AND NOT d.test AND d.replay_id IS NULL
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
END
$$;
