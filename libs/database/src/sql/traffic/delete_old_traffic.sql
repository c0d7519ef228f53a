-- Deletes what was counted for minutes before p_minutes_before and for hours before p_hours_before, up to p_limit rows of all
-- environments. Returns how many.
CREATE OR REPLACE FUNCTION delete_old_traffic(p_minutes_before timestamptz, p_hours_before timestamptz, p_limit integer)
RETURNS bigint
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
WITH deleted AS (
  DELETE FROM traffic t USING (
    (SELECT o.environment_id, o.resolution, o.start_time FROM traffic o
      WHERE o.resolution = 'minute' AND o.start_time < p_minutes_before ORDER BY o.start_time LIMIT p_limit)
    UNION ALL
    (SELECT o.environment_id, o.resolution, o.start_time FROM traffic o
      WHERE o.resolution = 'hour' AND o.start_time < p_hours_before ORDER BY o.start_time LIMIT p_limit)) o
  WHERE t.environment_id = o.environment_id AND t.resolution = o.resolution AND t.start_time = o.start_time
  RETURNING 1
)
SELECT count(*) FROM deleted
$$;
