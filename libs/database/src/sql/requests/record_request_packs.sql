-- Writes down packs of requests of several directories, whose tokens were verified; the last four parameters are what the requests are
-- found by and whom they are about, with the numbers of their packs. Returns the directories that there are, with whether their
-- environments keep bodies whole: of one that does not, no whole body is stored. A directory that was deleted meanwhile has no log any
-- more. Of one with a person among p_resource_ids who was erased nothing is written: it is sent again without that person's requests.
CREATE OR REPLACE FUNCTION record_request_packs(
  p_directory_ids text[], p_ids text[], p_first_ids text[], p_counts integer[], p_have_failures boolean[], p_whole boolean[],
  p_entries text[], p_bodies text[], p_key_packs integer[], p_keys text[], p_resource_packs integer[], p_resource_ids text[]
)
RETURNS TABLE (directory_id text, keeps_bodies boolean, erased text[])
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY WITH asked AS (
    SELECT * FROM unnest(p_directory_ids, p_ids, p_first_ids, p_counts, p_have_failures, p_whole, p_entries, p_bodies) WITH ORDINALITY
      AS p (directory_id, id, first_id, count, has_failures, whole, entries, bodies, n)
  ), known AS MATERIALIZED (
    SELECT d.id, d.environment_id, d.organization_id, e.keep_request_bodies AS keeps_bodies, (
        SELECT array_agg(DISTINCT x.user_id) FROM asked a JOIN unnest(p_resource_packs, p_resource_ids) AS r (n, id) ON r.n = a.n
          JOIN erasures x ON x.environment_id = d.environment_id AND x.organization_id = d.organization_id
            AND x.directory_id = d.id AND x.user_id = r.id
        WHERE a.directory_id = d.id) AS erased
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
    SELECT DISTINCT a.directory_id, hashtextextended(r.key, 0), a.id
    FROM asked a JOIN known k ON k.id = a.directory_id AND k.erased IS NULL
      JOIN unnest(p_key_packs, p_keys) AS r (n, key) ON r.n = a.n
    ON CONFLICT DO NOTHING
  )
  SELECT k.id, k.keeps_bodies, k.erased FROM known k;
END
$$;
