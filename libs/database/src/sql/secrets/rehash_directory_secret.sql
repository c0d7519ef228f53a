-- Stores another hash of the same token, unless it has got another one meanwhile. Its version stays: the secret is the same.
CREATE OR REPLACE FUNCTION rehash_directory_secret(p_directory_id text, p_secret_id text, p_old text, p_new text)
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
UPDATE directory_secrets SET secret_hash = p_new
  WHERE directory_id = p_directory_id AND id = p_secret_id AND secret_hash = p_old
$$;
