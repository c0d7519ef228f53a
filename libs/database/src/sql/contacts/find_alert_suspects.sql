-- Directories of which contacts may have to be told something, in the order of environments, behind the given one ('' = from the start):
-- no fewer than those of which it is so, which whoever asks decides from the whole of what is known. p_silence: seconds without a
-- request, by provider, after which a directory is looked at. What was told within the last day is not told again; of users who are held
-- since then, an hour later. What reached nobody is told when it was put off to.
CREATE OR REPLACE FUNCTION find_alert_suspects(
  p_silence jsonb, p_after_environment_id text, p_after_directory_id text, p_limit integer
)
RETURNS TABLE (environment_id text, organization_id text, directory_id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT d.environment_id, d.organization_id, d.id
FROM (SELECT DISTINCT c.environment_id, c.organization_id FROM contacts c
  WHERE c.unsubscribe_time IS NULL AND c.environment_id >= p_after_environment_id) c
JOIN organizations o ON o.environment_id = c.environment_id AND o.id = c.organization_id
  AND o.deleted_time IS NULL AND o.dir_sync_enabled
JOIN directories d ON d.environment_id = c.environment_id AND d.organization_id = c.organization_id
  AND d.deleted_time IS NULL AND d.enabled
JOIN directory_counters n ON n.directory_id = d.id,
LATERAL (
  SELECT greatest(max(s.last_used_time), d.first_request_time) AS last_request,
    max(coalesce(s.revoked_time, s.expire_time)) AS last_end,
    coalesce(bool_or(s.revoked_time IS NULL AND (s.expire_time IS NULL OR s.expire_time > now())), false) AS is_active,
    min(s.expire_time) FILTER (WHERE s.revoked_time IS NULL AND s.expire_time > now()) AS next_end
  FROM directory_secrets s WHERE s.environment_id = d.environment_id AND s.directory_id = d.id
) s
WHERE (d.environment_id, d.id) > (p_after_environment_id, p_after_directory_id) AND EXISTS (
  SELECT 1 FROM (
    SELECT 'token_expiring', NULL::timestamptz WHERE s.next_end <= now() + interval '14 days'
    UNION ALL
    SELECT 'no_active_token', NULL WHERE NOT s.is_active AND s.last_end > now() - interval '14 days'
    UNION ALL
    SELECT 'refused', NULL WHERE s.is_active AND d.refused_since IS NOT NULL AND EXISTS (SELECT 1 FROM directory_refusals r
      WHERE r.directory_id = d.id AND r.environment_id = d.environment_id AND r.last_time > now() - interval '1 hour')
    UNION ALL
    SELECT 'stalled', NULL WHERE s.is_active AND s.last_request IS NOT NULL
      AND greatest(s.last_request, d.enabled_changed_time, o.dir_sync_changed_time) < now() - interval '1 second'
        * coalesce(p_silence ->> d.directory_provider, p_silence ->> 'CUSTOM')::double precision
    UNION ALL
    SELECT 'deprovisioning_held', least((n.deprovisioning #>> '{hold,since}')::timestamptz, now() - interval '1 hour')
      WHERE n.deprovisioning ->> 'hold' IS NOT NULL) AS k (kind, anew)
  WHERE NOT EXISTS (
    SELECT 1 FROM contact_alerts a
    WHERE a.environment_id = d.environment_id AND a.directory_id = d.id AND a.kind = k.kind
      AND coalesce(a.put_off_until > now(), a.sent_time > greatest(now() - interval '1 day', k.anew))))
ORDER BY d.environment_id, d.id LIMIT p_limit
$$;
