-- Adds to what was counted for minutes and hours of environments. p_rows: [{environment_id, resolution, start_time, changes, events,
-- attempts_succeeded, attempts_failed, latencies}], each row once. What names no environment is left out. A worker counts for all
-- environments that it works for.
CREATE OR REPLACE FUNCTION add_traffic(p_rows jsonb)
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
INSERT INTO traffic AS t (environment_id, resolution, start_time, changes, events, attempts_succeeded, attempts_failed, latencies)
SELECT e.id, r.resolution, r.start_time, r.changes, r.events, r.attempts_succeeded, r.attempts_failed, r.latencies
FROM jsonb_to_recordset(p_rows) AS r (environment_id text, resolution text, start_time timestamptz, changes bigint, events bigint,
    attempts_succeeded bigint, attempts_failed bigint, latencies bigint[])
  JOIN environments e ON e.id = r.environment_id
ORDER BY e.id, r.resolution, r.start_time
ON CONFLICT (environment_id, resolution, start_time) DO UPDATE SET
  changes = t.changes + EXCLUDED.changes,
  events = t.events + EXCLUDED.events,
  attempts_succeeded = t.attempts_succeeded + EXCLUDED.attempts_succeeded,
  attempts_failed = t.attempts_failed + EXCLUDED.attempts_failed,
  latencies = ARRAY(
    SELECT coalesce(l.stored, 0) + coalesce(l.added, 0)
    FROM unnest(t.latencies, EXCLUDED.latencies) WITH ORDINALITY AS l (stored, added, place) ORDER BY l.place)
$$;
