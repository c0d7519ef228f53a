-- Records that an API client was used; writes nothing when that was recorded within the last minute.
CREATE OR REPLACE FUNCTION touch_api_client(p_environment_id text, p_id text)
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
UPDATE api_clients SET last_used_time = now()
  WHERE environment_id = p_environment_id AND id = p_id
    AND (last_used_time IS NULL OR last_used_time < now() - interval '1 minute')
$$;
