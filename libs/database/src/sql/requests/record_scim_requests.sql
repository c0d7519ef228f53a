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
  WHERE NOT EXISTS (SELECT 1 FROM directory_counters c JOIN erasures x ON x.environment_id = c.environment_id
    AND x.directory_id = c.directory_id AND x.user_id IN (r.resource_id, r.user_name_key) WHERE c.directory_id = r.directory_id)
), packs AS (
  -- Of half a minute, which is what seven characters of an id stand for. JSON that PostgreSQL writes has line breaks between elements.
  SELECT a.directory_id, coalesce(a.whole, false) AS whole, max(a.id COLLATE "C") AS id, min(a.id COLLATE "C") AS first_id,
    count(*)::integer AS count, bool_or(a.outcome IN ('refused', 'failed')) AS has_failures,
    replace(json_agg(json_build_array(a.id, a.method, a.path, a.status, a.outcome, a.scim_type, a.detail, a.duration_ms, a.secret_id,
      a.user_agent, a.correlation_id, a.ip_address, a.resource_id, a.user_name_key, a.not_recorded)
      ORDER BY a.id COLLATE "C")::text, E'\n', '') AS entries,
    replace(json_agg(json_build_array(a.request_body::json, a.response_body::json) ORDER BY a.id COLLATE "C")::text, E'\n', '') AS bodies,
    to_json(array_remove(array_agg(DISTINCT a.resource_id) || array_agg(DISTINCT a.user_name_key), NULL)) AS keys
  FROM asked a GROUP BY a.directory_id, coalesce(a.whole, false), substr(a.id, 1, 7)
), together AS (
  SELECT array_agg(p.directory_id ORDER BY p.id) AS directory_ids, array_agg(p.id ORDER BY p.id) AS ids,
    array_agg(p.first_id ORDER BY p.id) AS first_ids, array_agg(p.count ORDER BY p.id) AS counts,
    array_agg(p.has_failures ORDER BY p.id) AS have_failures, array_agg(p.whole ORDER BY p.id) AS whole,
    string_agg(p.entries, E'\n' ORDER BY p.id) AS entries, string_agg(p.bodies, E'\n' ORDER BY p.id) AS bodies,
    json_agg(p.keys ORDER BY p.id) AS keys
  FROM packs p
)
SELECT r.directory_id, r.keeps_bodies FROM together t, LATERAL record_request_packs(t.directory_ids, t.ids, t.first_ids, t.counts,
  t.have_failures, t.whole, t.entries, t.bodies, t.keys) r
$$;
