-- Writes down requests of several directories, as a program of version 6 sends them, as packs; see record_request_packs.
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
), kept AS (
  SELECT a.*, k.keeps_bodies OR NOT a.whole AS has_bodies FROM asked a JOIN known k ON k.id = a.directory_id
  WHERE NOT EXISTS (SELECT 1 FROM erasures x WHERE x.environment_id = k.environment_id AND x.organization_id = k.organization_id
    AND x.directory_id = k.id AND x.user_id = a.resource_id)
), packs AS (
  SELECT a.directory_id, max(a.id COLLATE "C") AS id, min(a.id COLLATE "C") AS first_id, count(*)::integer AS count,
    bool_or(a.outcome IN ('refused', 'failed')) AS has_failures,
    json_agg(json_build_array(a.id, a.method, a.path, a.status, a.outcome, a.scim_type, a.detail, a.duration_ms, a.secret_id, a.user_agent,
      a.correlation_id, a.ip_address, a.resource_id, a.user_name_key, a.not_recorded) ORDER BY a.id COLLATE "C")::text AS entries,
    json_agg(json_build_array(CASE WHEN a.has_bodies THEN a.request_body::json END, CASE WHEN a.has_bodies THEN a.response_body::json END)
      ORDER BY a.id COLLATE "C")::text AS bodies
  FROM kept a GROUP BY a.directory_id, substr(a.id, 1, 7)
), written AS (
  INSERT INTO scim_request_packs (directory_id, id, first_id, count, has_failures, entries, bodies)
  SELECT p.directory_id, p.id, p.first_id, p.count, p.has_failures, p.entries, p.bodies FROM packs p
  ON CONFLICT DO NOTHING
), found AS (
  INSERT INTO scim_request_keys (directory_id, key, pack_id)
  SELECT DISTINCT p.directory_id, hashtextextended(p.directory_id || r.key, 0), p.id
  FROM kept a JOIN packs p ON p.directory_id = a.directory_id AND substr(p.id, 1, 7) = substr(a.id, 1, 7),
    unnest(ARRAY[a.resource_id, a.user_name_key]) AS r (key)
  WHERE r.key IS NOT NULL
)
SELECT k.id, k.keeps_bodies FROM known k
$$;
