-- The first delivery of each line that was not tried yet may have been deferred (defer_held): it is due now that the one
-- before it has come to its end, and has been since it was made, so that those made after it do not go first.
CREATE OR REPLACE FUNCTION advance_lines(
  p_environment_id text, p_endpoint_id text, p_directory_ids text[], p_resource_ids text[]
)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  UPDATE deliveries d SET next_attempt_time = ulid_time(d.id)
    FROM (SELECT DISTINCT l.directory_id, l.resource_id FROM unnest(p_directory_ids, p_resource_ids) AS l (directory_id, resource_id)) l,
      LATERAL (
        SELECT n.directory_id, n.id FROM deliveries n
        WHERE n.environment_id = p_environment_id AND n.endpoint_id = p_endpoint_id AND n.state = 'pending'
          AND n.directory_id = l.directory_id AND n.resource_id = l.resource_id
          AND n.replay_id IS NULL AND NOT n.test AND n.attempt = 0
        ORDER BY n.sequence LIMIT 1) first
    WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.directory_id = first.directory_id AND d.id = first.id
      AND d.next_attempt_time > now();
  IF NOT FOUND AND NOT EXISTS (SELECT 1 FROM deliveries d
      WHERE d.environment_id = p_environment_id AND d.endpoint_id = p_endpoint_id AND d.state = 'pending'
        AND d.next_attempt_time > now() AND d.attempt = 0) THEN
    UPDATE webhook_endpoint_health h SET deferring = false
      WHERE h.environment_id = p_environment_id AND h.endpoint_id = p_endpoint_id;
  END IF;
END
$$;
