-- Deletes mails that were written more than so many days ago, at least one, up to p_limit. Returns how many.
CREATE OR REPLACE FUNCTION delete_old_mails(p_days integer, p_limit integer)
RETURNS bigint
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
WITH deleted AS (
  DELETE FROM mails m USING (
      SELECT o.environment_id, o.id FROM mails o WHERE o.create_time < now() - greatest(p_days, 1) * interval '1 day'
      ORDER BY o.create_time LIMIT p_limit) o
    WHERE m.environment_id = o.environment_id AND m.id = o.id
  RETURNING 1
)
SELECT count(*) FROM deleted
$$;
