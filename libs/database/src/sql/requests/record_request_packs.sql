-- Writes down packs of requests of several directories, as a program of version 8 sends them, whose tokens were verified; see
-- store_request_packs. p_entries and p_bodies have a line for each pack, p_keys an array of what its requests are found by. Returns the
-- directories that there are, with whether their environments keep bodies whole: of one that does not, no whole body is stored. A
-- directory that was deleted meanwhile has no log any more. Of one with a person among the keys who was erased nothing is written: it is
-- sent again without that person's requests.
CREATE OR REPLACE FUNCTION record_request_packs(
  p_directory_ids text[], p_ids text[], p_first_ids text[], p_counts integer[], p_have_failures boolean[], p_whole boolean[],
  p_entries text, p_bodies text, p_keys json
)
RETURNS TABLE (directory_id text, keeps_bodies boolean, erased text[])
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY WITH asked AS (
    SELECT * FROM unnest(p_directory_ids, p_ids, p_first_ids, p_counts, p_have_failures, p_whole,
      string_to_array(p_entries, E'\n'), string_to_array(p_bodies, E'\n')) WITH ORDINALITY
      AS p (directory_id, id, first_id, count, has_failures, whole, entries, bodies, n)
  ), keys AS MATERIALIZED (
    SELECT a.directory_id, a.id AS pack_id, k.key FROM json_array_elements(p_keys) WITH ORDINALITY AS p (keys, n)
      JOIN asked a ON a.n = p.n, json_array_elements_text(p.keys) AS k (key)
  ), known AS MATERIALIZED (
    SELECT d.id, d.environment_id, d.organization_id, e.keep_request_bodies AS keeps_bodies, (
        SELECT array_agg(DISTINCT x.user_id) FROM keys r JOIN erasures x ON x.environment_id = d.environment_id
          AND x.organization_id = d.organization_id AND x.directory_id = d.id AND x.user_id = r.key
        WHERE r.directory_id = d.id) AS erased
    FROM (SELECT DISTINCT a.directory_id FROM asked a) w
      JOIN directory_counters c ON c.directory_id = w.directory_id
      JOIN directories d ON d.environment_id = c.environment_id AND d.id = c.directory_id AND d.deleted_time IS NULL
      JOIN environments e ON e.id = c.environment_id
  ), written AS (
    INSERT INTO scim_request_packs (directory_id, id, first_id, count, has_failures, entries, bodies)
    SELECT a.directory_id, a.id, a.first_id, a.count, a.has_failures, a.entries,
      CASE WHEN k.keeps_bodies OR NOT a.whole THEN a.bodies END
    FROM asked a JOIN known k ON k.id = a.directory_id AND k.erased IS NULL
    ON CONFLICT DO NOTHING
  ), found AS (
    INSERT INTO scim_request_keys (directory_id, key, pack_id)
    SELECT r.directory_id, hashtextextended(r.directory_id || r.key, 0), r.pack_id
    FROM keys r JOIN known k ON k.id = r.directory_id AND k.erased IS NULL
  )
  SELECT k.id, k.keeps_bodies, k.erased FROM known k;
END
$$;
