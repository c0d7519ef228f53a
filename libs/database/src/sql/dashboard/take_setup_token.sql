-- Uses up the link of the first start. Returns the environments whose first owner its bearer becomes; none when it is another
-- token, was used before, or there is a member already. Of two that come at once the second waits, and finds it used.
CREATE OR REPLACE FUNCTION take_setup_token(p_token_hash text)
RETURNS TABLE (environment_id text)
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
WITH taken AS (
  UPDATE installation SET setup_token_hash = NULL
  WHERE setup_token_hash = p_token_hash AND NOT EXISTS (SELECT 1 FROM members)
  RETURNING 1
)
SELECT e.id FROM environments e, taken ORDER BY e.id
$$;
