-- Tokens that come to their end within one of the given numbers of days of which nobody was warned; the nearest end first.
-- A warning that would have been due before the token was made is not given.
CREATE OR REPLACE FUNCTION find_expiring_secrets(p_days integer[], p_limit integer)
RETURNS TABLE (environment_id text, directory_id text, secret_id text, days integer)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT s.environment_id, s.directory_id, s.id, w.days
FROM directory_secrets s, LATERAL (
  SELECT min(d.days) AS days FROM unnest(p_days) AS d (days) WHERE s.expire_time <= now() + make_interval(days => d.days)
) w
WHERE s.revoked_time IS NULL AND s.expire_time > now()
  AND s.expire_time <= now() + make_interval(days => (SELECT max(d) FROM unnest(p_days) AS d))
  AND w.days < coalesce(s.expiry_warned_days, 32767) AND s.create_time < s.expire_time - make_interval(days => w.days)
ORDER BY s.expire_time LIMIT p_limit
$$;
