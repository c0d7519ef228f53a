-- The hand-over of a token, before its environment is known: of the one in its link, or of the one that the page has which has shown
-- the bearer token. None of a directory or an organization that was deleted.
CREATE OR REPLACE FUNCTION find_hand_over(p_token_hash text)
RETURNS TABLE (environment_id text, id text, organization_id text, directory_id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT h.environment_id, h.id, h.organization_id, h.directory_id
FROM hand_overs h
  JOIN directories d ON d.environment_id = h.environment_id AND d.id = h.directory_id
  JOIN organizations o ON o.environment_id = h.environment_id AND o.id = h.organization_id
WHERE (h.token_hash = p_token_hash OR h.page_hash = p_token_hash) AND d.deleted_time IS NULL AND o.deleted_time IS NULL
$$;
