-- Stores another hash of a client's same secret, unless it has got another one meanwhile.
CREATE OR REPLACE FUNCTION rehash_client_secret(p_environment_id text, p_secret_id text, p_old text, p_new text)
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
UPDATE api_client_secrets SET secret_hash = p_new
  WHERE environment_id = p_environment_id AND id = p_secret_id AND secret_hash = p_old
$$;
