-- For requests that run their own statements: sets the tenant and tells the token's state.
CREATE OR REPLACE FUNCTION scim_enter(
  p_directory_id text, p_secret_id text, p_secret_version integer, OUT state text, OUT touch boolean, OUT strict_mode boolean
)
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM set_config('rollcall.directory_id', p_directory_id, true);
  SELECT a.state, a.touch, a.strict_mode INTO state, touch, strict_mode
    FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
END
$$;
