-- Called after endpoints of the control cell were written into this one: a new one gets its health, and one that was disabled here has
-- been enabled now, whenever that was said there.
CREATE OR REPLACE FUNCTION settle_copied_endpoints(p_enabled_ids text[])
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
INSERT INTO webhook_endpoint_health (environment_id, endpoint_id)
  SELECT e.environment_id, e.id FROM webhook_endpoints e
  WHERE NOT EXISTS (SELECT 1 FROM webhook_endpoint_health h WHERE h.environment_id = e.environment_id AND h.endpoint_id = e.id)
  ON CONFLICT DO NOTHING;
UPDATE webhook_endpoints e SET enabled_time = now() WHERE e.id = ANY (p_enabled_ids) AND e.enabled
$$;
