-- Writes down requests of several directories, whose tokens were verified, and returns the directories that there are with whether
-- their environments keep bodies whole: of one that does not, no whole body is stored. A directory that was deleted meanwhile has no
-- log any more, and nor does a person who was erased.
CREATE OR REPLACE FUNCTION record_scim_requests(p_requests json)
RETURNS TABLE (directory_id text, keeps_bodies boolean)
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
WITH asked AS (
  SELECT r.* FROM json_to_recordset(p_requests) AS r (directory_id text, id text, method text, path text, status smallint, outcome text,
    scim_type text, detail text, duration_ms real, secret_id text, user_agent text, correlation_id text, ip_address text,
    resource_id text, user_name_key text, request_body text, response_body text, whole boolean, not_recorded integer)
), known AS (
  SELECT d.id, d.environment_id, d.organization_id, e.keep_request_bodies AS keeps_bodies
  FROM (SELECT DISTINCT a.directory_id FROM asked a) w
    JOIN directory_counters c ON c.directory_id = w.directory_id
    JOIN directories d ON d.environment_id = c.environment_id AND d.id = c.directory_id AND d.deleted_time IS NULL
    JOIN environments e ON e.id = c.environment_id
), written AS (
  INSERT INTO scim_requests (directory_id, id, method, path, status, outcome, scim_type, detail, duration_ms, secret_id, user_agent,
    correlation_id, ip_address, resource_id, user_name_key, request_body, response_body, not_recorded)
  SELECT a.directory_id, a.id, a.method, a.path, a.status, a.outcome, a.scim_type, a.detail, a.duration_ms, a.secret_id, a.user_agent,
    a.correlation_id, a.ip_address, a.resource_id, a.user_name_key,
    CASE WHEN k.keeps_bodies OR NOT a.whole THEN a.request_body END,
    CASE WHEN k.keeps_bodies OR NOT a.whole THEN a.response_body END, a.not_recorded
  FROM asked a JOIN known k ON k.id = a.directory_id
  WHERE NOT EXISTS (SELECT 1 FROM erasures x WHERE x.environment_id = k.environment_id AND x.organization_id = k.organization_id
    AND x.directory_id = k.id AND x.user_id = a.resource_id)
  ON CONFLICT DO NOTHING
)
SELECT k.id, k.keeps_bodies FROM known k
$$;
