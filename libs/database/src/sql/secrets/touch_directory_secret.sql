-- Records that a token was used; writes nothing when that was recorded within the last minute. What was refused before is made good.
CREATE OR REPLACE FUNCTION touch_directory_secret(p_directory_id text, p_secret_id text)
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
UPDATE directory_secrets SET last_used_time = now()
  WHERE directory_id = p_directory_id AND id = p_secret_id
    AND (last_used_time IS NULL OR last_used_time < now() - interval '1 minute');
DELETE FROM directory_refusals
  WHERE directory_id = p_directory_id AND reason IN ('invalid_token', 'expired', 'revoked', 'too_many_attempts');
UPDATE directories SET first_request_time = coalesce(first_request_time, now()), refused_since = NULL
  WHERE id = p_directory_id AND (first_request_time IS NULL OR refused_since IS NOT NULL)
    AND environment_id = (SELECT c.environment_id FROM directory_counters c WHERE c.directory_id = p_directory_id);
$$;
