-- Sets the tenant and how statements are planned, and tells the token's state, for functions whose calls share a statement: of those with
-- the same token the first asks, the others go by its answer. All of them have come before it was asked, and it is forgotten with their
-- transaction. A token that may not act is asked for each time.
CREATE OR REPLACE FUNCTION scim_admit(
  p_directory_id text, p_secret_id text, p_secret_version integer, OUT state text, OUT touch boolean, OUT strict_mode boolean
)
LANGUAGE plpgsql
AS $$
DECLARE
  token text := p_directory_id || ' ' || p_secret_id || ' ' || p_secret_version || ' ';
  admitted text := current_setting('rollcall.admitted', true);
  admission record;
  settings text;
BEGIN
  IF starts_with(admitted, token) THEN
    state := 'ok';
    touch := false;
    strict_mode := admitted = token || 'strict';
    RETURN;
  END IF;
  settings := set_config('rollcall.directory_id', p_directory_id, true) || set_config('plan_cache_mode', 'force_generic_plan', true);
  admission := authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version);
  state := admission.state;
  touch := admission.touch;
  strict_mode := admission.strict_mode;
  settings := set_config('rollcall.admitted',
    CASE WHEN state <> 'ok' THEN '' WHEN strict_mode THEN token || 'strict' ELSE token END, true);
END
$$;
