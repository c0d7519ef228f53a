-- Sets whose rows the transaction sees from here on. The directory is set only if it belongs to the environment: rows of a directory
-- follow the credential, which gave the environment, and not the id that somebody asked for. '' = none.
CREATE OR REPLACE FUNCTION enter_tenant(p_environment_id text, p_directory_id text)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM set_config('rollcall.environment_id', p_environment_id, true), set_config('rollcall.directory_id', '', true);
  IF p_directory_id <> '' THEN
    PERFORM set_config('rollcall.directory_id', d.id, true) FROM directories d
      WHERE d.environment_id = p_environment_id AND d.id = p_directory_id;
  END IF;
END
$$;
