-- The newest mails whose text is kept: those in the development mailbox.
CREATE OR REPLACE FUNCTION find_kept_mails(p_limit integer)
RETURNS TABLE (environment_id text, mail_id text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT m.environment_id, m.id FROM mails m WHERE m.sealed_message IS NOT NULL ORDER BY m.create_time DESC LIMIT p_limit
$$;
