-- How many mails were written within the last hour: by the environment, for one organization of it, and to one address, by the
-- environment and by whomever. Others that write to the environment's readers or to the address wait until the transaction has ended.
CREATE OR REPLACE FUNCTION count_recent_mails(p_environment_id text, p_organization_id text, p_address_hash text)
RETURNS TABLE (of_environment bigint, of_organization bigint, to_address bigint, to_address_anywhere bigint)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
  since timestamptz := now() - interval '1 hour';
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('mail/environment/' || p_environment_id, 0));
  PERFORM pg_advisory_xact_lock(hashtextextended('mail/address/' || p_address_hash, 0));
  RETURN QUERY SELECT
    (SELECT count(*) FROM mails m WHERE m.environment_id = p_environment_id AND m.create_time > since),
    (SELECT count(*) FROM mails m
      WHERE m.environment_id = p_environment_id AND m.create_time > since AND m.organization_id = p_organization_id),
    count(*) FILTER (WHERE m.environment_id = p_environment_id), count(*)
  FROM mails m WHERE m.address_hash = p_address_hash AND m.create_time > since;
END
$$;
