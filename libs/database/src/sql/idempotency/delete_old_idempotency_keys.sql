-- Deletes idempotency keys that came more than so many hours ago, at least one, and of an environment that has more than p_kept those that
-- came before its newest so many; up to p_limit rows of each. Returns how many.
CREATE OR REPLACE FUNCTION delete_old_idempotency_keys(p_hours integer, p_kept integer, p_limit integer)
RETURNS bigint
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
WITH crowded AS (
  SELECT e.id AS environment_id, o.create_time AS oldest_kept FROM environments e
  JOIN LATERAL (
    SELECT k.create_time FROM idempotency_keys k WHERE k.environment_id = e.id ORDER BY k.create_time DESC
    OFFSET greatest(p_kept, 1) - 1 LIMIT 1) o ON true
), old AS (
  (SELECT k.environment_id, k.key_hash FROM idempotency_keys k WHERE k.create_time < now() - greatest(p_hours, 1) * interval '1 hour'
    ORDER BY k.create_time LIMIT p_limit)
  UNION
  (SELECT k.environment_id, k.key_hash FROM crowded c
    JOIN idempotency_keys k ON k.environment_id = c.environment_id AND k.create_time < c.oldest_kept LIMIT p_limit)
), deleted AS (
  DELETE FROM idempotency_keys k USING old o WHERE k.environment_id = o.environment_id AND k.key_hash = o.key_hash
  RETURNING 1
)
SELECT count(*) FROM deleted
$$;
