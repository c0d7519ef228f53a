-- Records that a token was used; writes nothing when that was recorded within the last minute. What was refused before is made good.
-- The tokens that it took the place of, and was to end when it is seen, end once it has been in use for an hour and they have not: a
-- person who tries the new one out says nothing of the identity provider, which asks about its users more often than that. They go on
-- for ten minutes: other machines of the identity provider may still have them.
CREATE OR REPLACE FUNCTION touch_directory_secret(p_directory_id text, p_secret_id text)
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
UPDATE directory_secrets SET last_used_time = now(), first_used_time = coalesce(first_used_time, now())
  WHERE directory_id = p_directory_id AND id = p_secret_id
    AND (last_used_time IS NULL OR last_used_time < now() - interval '1 minute');
UPDATE directory_secrets s SET expire_time = now() + interval '10 minutes'
  WHERE s.directory_id = p_directory_id AND s.retired_by = p_secret_id AND s.revoked_time IS NULL
    AND (s.expire_time IS NULL OR s.expire_time > now() + interval '10 minutes')
    AND (s.last_used_time IS NULL OR s.last_used_time < now() - interval '1 hour')
    AND EXISTS (SELECT 1 FROM directory_secrets n WHERE n.directory_id = p_directory_id AND n.id = p_secret_id
      AND n.first_used_time < now() - interval '1 hour');
DELETE FROM directory_refusals
  WHERE directory_id = p_directory_id AND is_token_refusal(reason);
UPDATE directories SET first_request_time = coalesce(first_request_time, now()), refused_since = NULL
  WHERE id = p_directory_id AND (first_request_time IS NULL OR refused_since IS NOT NULL)
    AND environment_id = (SELECT c.environment_id FROM directory_counters c WHERE c.directory_id = p_directory_id);
$$;
