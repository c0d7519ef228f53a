-- What the contacts of organizations are to be told now, by directory: a token that comes to its end, or that has; requests that have
-- been refused for an hour and still are, or that do not come for an hour longer than p_silence (seconds by provider) says; and users
-- whose deprovisioning is held. What they were told is told again after repeat_days, at the earliest on the next day.
CREATE OR REPLACE FUNCTION find_contact_alerts(p_silence jsonb, p_limit integer)
RETURNS TABLE (environment_id text, organization_id text, directory_id text, kind text, repeat_days integer)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT d.environment_id, d.organization_id, d.id, k.kind, k.repeat_days
FROM (SELECT DISTINCT c.environment_id, c.organization_id FROM contacts c WHERE c.unsubscribe_time IS NULL) c
JOIN organizations o ON o.environment_id = c.environment_id AND o.id = c.organization_id
  AND o.deleted_time IS NULL AND o.dir_sync_enabled
JOIN directories d ON d.environment_id = c.environment_id AND d.organization_id = c.organization_id
  AND d.deleted_time IS NULL AND d.enabled,
LATERAL (
  SELECT max(s.last_used_time) AS last_request, max(coalesce(s.revoked_time, s.expire_time)) AS last_end,
    bool_or(s.revoked_time IS NULL AND (s.expire_time IS NULL OR s.expire_time > now())) AS is_active,
    min(s.expire_time) FILTER (WHERE s.revoked_time IS NULL AND s.replaced_time IS NULL AND s.expire_time > now()
      AND s.create_time < s.expire_time - interval '14 days') AS next_end
  FROM directory_secrets s WHERE s.environment_id = d.environment_id AND s.directory_id = d.id
) s,
LATERAL (
  SELECT d.refused_since IS NOT NULL AND EXISTS (SELECT 1 FROM directory_refusals r
    WHERE r.directory_id = d.id AND r.environment_id = d.environment_id AND r.reason IN ('invalid_token', 'expired', 'revoked')
      AND r.last_time > now() - interval '1 hour') AS is_refused
) f,
LATERAL (
  SELECT 'token_expiring' AS kind, CASE WHEN s.next_end < now() + interval '2 days' THEN 1 ELSE 6 END AS repeat_days
  WHERE s.next_end < now() + interval '14 days'
  UNION ALL
  SELECT 'no_active_token', 6 WHERE NOT s.is_active AND s.last_end BETWEEN now() - interval '14 days' AND now() - interval '1 hour'
  UNION ALL
  SELECT 'refused', 1 WHERE s.is_active AND f.is_refused AND d.refused_since < now() - interval '1 hour'
  UNION ALL
  SELECT 'stalled', 6 WHERE s.is_active AND NOT f.is_refused AND s.last_request IS NOT NULL
    AND greatest(s.last_request, d.enabled_changed_time, o.dir_sync_changed_time)
      < now() - interval '1 hour' - (p_silence ->> d.directory_provider)::double precision * interval '1 second'
  UNION ALL
  SELECT 'deprovisioning_held', 1 FROM directory_counters n
  WHERE n.directory_id = d.id AND n.deprovisioning ->> 'hold' IS NOT NULL
) k
WHERE NOT EXISTS (
  SELECT 1 FROM contact_alerts a
  WHERE a.environment_id = d.environment_id AND a.directory_id = d.id AND a.kind = k.kind
    AND a.sent_time > now() - k.repeat_days * interval '1 day')
LIMIT p_limit
$$;
