-- Mails that are to be sent now, the longest due first: of each environment no more than p_each, so that one that writes many does not
-- keep the others waiting.
CREATE OR REPLACE FUNCTION find_due_mails(p_each integer, p_limit integer)
RETURNS TABLE (environment_id text, mail_id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT d.environment_id, d.id FROM (
  SELECT m.environment_id, m.id, m.next_attempt_time,
    row_number() OVER (PARTITION BY m.environment_id ORDER BY m.next_attempt_time) AS place
  FROM mails m WHERE m.state = 'pending' AND m.next_attempt_time <= now()
) d
WHERE d.place <= p_each ORDER BY d.next_attempt_time LIMIT p_limit
$$;
