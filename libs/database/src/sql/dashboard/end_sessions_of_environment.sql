-- Ends the sessions that an identity provider has opened for the environment of the transaction, whoever's they are.
CREATE OR REPLACE FUNCTION end_sessions_of_environment(p_environment_id text)
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
UPDATE member_sessions SET end_time = now()
  WHERE environment_id = p_environment_id AND environment_id = current_setting('rollcall.environment_id') AND end_time IS NULL
$$;
