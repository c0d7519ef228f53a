-- Counts what identity providers were refused, before their tenant is known, and returns the directories that there are: what names
-- none is counted nowhere. A token that was refused is a streak until one is accepted: once a provider was connected, only a token of the
-- form that ours have begins one (is_token), or whoever finds the address could. What else was refused is counted from anew when there
-- was a day without.
CREATE OR REPLACE FUNCTION record_refusals(p_refusals jsonb)
RETURNS TABLE (directory_id text)
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
WITH known AS (
  SELECT a.*, d.environment_id, a.is_token OR d.first_request_time IS NULL AS may_open
  FROM jsonb_to_recordset(p_refusals) AS a (directory_id text, reason text, status smallint, scim_type text, is_token boolean, count bigint,
      first_time timestamptz, last_time timestamptz)
    JOIN directory_counters c ON c.directory_id = a.directory_id
    JOIN directories d ON d.environment_id = c.environment_id AND d.id = c.directory_id AND d.deleted_time IS NULL
), written AS (
  INSERT INTO directory_refusals AS r (directory_id, reason, environment_id, status, scim_type, count, first_time, last_time)
  SELECT k.directory_id, k.reason, k.environment_id, k.status, k.scim_type, k.count, k.first_time, k.last_time
  FROM known k ORDER BY k.directory_id, k.reason
  ON CONFLICT ON CONSTRAINT directory_refusals_pkey DO UPDATE SET
    status = EXCLUDED.status,
    scim_type = EXCLUDED.scim_type,
    count = EXCLUDED.count + CASE
      WHEN NOT is_token_refusal(r.reason)
        AND r.last_time < EXCLUDED.first_time - interval '1 day' THEN 0
      ELSE r.count END,
    first_time = CASE
      WHEN NOT is_token_refusal(r.reason)
        AND r.last_time < EXCLUDED.first_time - interval '1 day' THEN EXCLUDED.first_time
      ELSE r.first_time END,
    last_time = greatest(r.last_time, EXCLUDED.last_time)
), opened AS (
  UPDATE directories d SET refused_since = k.since
  FROM (
    SELECT x.environment_id, x.directory_id, min(x.first_time) AS since FROM known x
    WHERE x.may_open AND is_token_refusal(x.reason) AND x.reason <> 'too_many_attempts'
    GROUP BY x.environment_id, x.directory_id) k
  WHERE d.environment_id = k.environment_id AND d.id = k.directory_id AND d.refused_since IS NULL
)
SELECT DISTINCT k.directory_id FROM known k
$$;
