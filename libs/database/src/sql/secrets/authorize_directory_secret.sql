-- Whether a token whose hash was verified may act now. state: ok | unknown | revoked | expired | disabled | feature_off.
-- touch: the secret's last_used_time is a minute old, or the directory has never been reached, or its provider was refused before.
CREATE OR REPLACE FUNCTION authorize_directory_secret(
  p_directory_id text, p_secret_id text, p_secret_version integer,
  OUT state text, OUT touch boolean, OUT strict_mode boolean
)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
  SELECT d.strict_mode,
      CASE
        WHEN s.revoked_time <= now() THEN 'revoked'
        WHEN s.expire_time <= now() THEN 'expired'
        WHEN NOT o.dir_sync_enabled THEN 'feature_off'
        WHEN NOT d.enabled THEN 'disabled'
        ELSE 'ok' END,
      d.first_request_time IS NULL OR d.refused_since IS NOT NULL
        OR s.last_used_time IS NULL OR s.last_used_time < now() - interval '1 minute'
    INTO strict_mode, state, touch
    FROM directory_secrets s, LATERAL (
      SELECT x.organization_id, x.enabled, x.strict_mode, x.first_request_time, x.refused_since FROM directories x
      WHERE x.environment_id = s.environment_id AND x.id = p_directory_id AND x.deleted_time IS NULL LIMIT 1) d, LATERAL (
      SELECT x.dir_sync_enabled FROM organizations x
      WHERE x.environment_id = s.environment_id AND x.id = d.organization_id AND x.deleted_time IS NULL LIMIT 1) o
    WHERE s.directory_id = p_directory_id AND s.id = p_secret_id AND s.secret_version = p_secret_version;
  state := coalesce(state, 'unknown');
  touch := coalesce(touch, false) AND state = 'ok';
  strict_mode := coalesce(strict_mode, false);
END
$$;
