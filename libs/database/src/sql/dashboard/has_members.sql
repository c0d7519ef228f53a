-- Whether anybody has set the dashboard up.
CREATE OR REPLACE FUNCTION has_members()
RETURNS TABLE (found boolean)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT EXISTS (SELECT 1 FROM members)
$$;
