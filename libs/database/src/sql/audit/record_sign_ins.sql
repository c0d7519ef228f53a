-- Writes sign-ins and refusals in the audit log of the client, directory or member that they name, before its tenant is known, and
-- returns those that there are: what names nothing is in no log; a member's stand in each of its environments. A row that is there
-- already is counted up and takes the last address: one row for each minute and reason, however many processes count.
CREATE OR REPLACE FUNCTION record_sign_ins(p_sign_ins jsonb)
RETURNS TABLE (target_type text, target_id text)
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
WITH asked AS (
  SELECT s.* FROM jsonb_to_recordset(p_sign_ins) AS s (id text, action text, target_type text, target_id text, reason text,
    count integer, ip_address text, request_id text)
  WHERE s.action IN ('sign_in.refused', 'sign_in.succeeded')
), known AS (
  SELECT a.*, c.environment_id, c.organization_id, c.client_id AS shown_id, c.name
  FROM asked a JOIN api_clients c ON c.client_id = a.target_id WHERE a.target_type = 'api_client'
  UNION ALL
  SELECT a.*, d.environment_id, d.organization_id, 'dir_' || d.id, d.name
  FROM asked a
    JOIN directory_counters c ON c.directory_id = a.target_id
    JOIN directories d ON d.environment_id = c.environment_id AND d.id = c.directory_id
  WHERE a.target_type = 'directory'
  UNION ALL
  SELECT a.*, r.environment_id, NULL, 'mem_' || m.id, m.name
  FROM asked a JOIN members m ON m.id = a.target_id JOIN member_roles r ON r.member_id = m.id
  WHERE a.target_type = 'member'
), written AS (
  INSERT INTO audit_log (environment_id, id, actor_type, actor_id, actor_name, action, target_type, target_id, target_name,
    organization_id, ip_address, request_id, changes)
  SELECT k.environment_id, k.id,
    CASE k.action WHEN 'sign_in.succeeded' THEN k.target_type ELSE 'anonymous' END,
    CASE k.action WHEN 'sign_in.succeeded' THEN k.shown_id END,
    CASE k.action WHEN 'sign_in.succeeded' THEN k.name END,
    k.action, k.target_type, k.shown_id, k.name, k.organization_id, k.ip_address, k.request_id,
    CASE WHEN k.reason IS NULL THEN '{}' ELSE jsonb_build_object('reason', jsonb_build_object('from', NULL, 'to', left(k.reason, 50))) END
      || CASE WHEN k.count IS NULL THEN '{}' ELSE jsonb_build_object('count', jsonb_build_object('from', NULL, 'to', k.count)) END
  FROM known k
  ORDER BY k.environment_id, k.id
  ON CONFLICT (environment_id, id) DO UPDATE SET
    ip_address = EXCLUDED.ip_address,
    request_id = EXCLUDED.request_id,
    changes = jsonb_set(audit_log.changes, '{count,to}',
      to_jsonb((audit_log.changes #>> '{count,to}')::bigint + (EXCLUDED.changes #>> '{count,to}')::bigint))
  WHERE audit_log.action = EXCLUDED.action AND audit_log.changes ? 'count' AND EXCLUDED.changes ? 'count'
)
SELECT k.target_type, k.target_id FROM known k
$$;
