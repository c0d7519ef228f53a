-- Writes down packs of requests, as a program of version 8 sends them: no bodies are deflated, and p_keys is an array of what the requests
-- of each pack are found by; see store_request_packs.
CREATE OR REPLACE FUNCTION record_request_packs(
  p_directory_ids text[], p_ids text[], p_first_ids text[], p_counts integer[], p_have_failures boolean[], p_whole boolean[],
  p_entries text, p_bodies text, p_keys json
)
RETURNS TABLE (directory_id text, keeps_bodies boolean, erased text[])
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT s.directory_id, s.keeps_bodies, s.erased FROM (
  SELECT array_agg(k.key ORDER BY p.n) AS keys, array_agg(p.n::integer ORDER BY p.n) AS packs
  FROM json_array_elements(p_keys) WITH ORDINALITY AS p (keys, n), json_array_elements_text(p.keys) AS k (key)
) k, LATERAL store_request_packs(p_directory_ids, p_ids, p_first_ids, p_counts, p_have_failures, p_whole, p_entries, p_bodies, NULL,
  k.keys, k.packs) s
$$;
