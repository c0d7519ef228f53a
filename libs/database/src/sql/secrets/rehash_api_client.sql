-- Stores another hash of a client's same secret, unless it has got another one meanwhile.
CREATE OR REPLACE FUNCTION rehash_api_client(p_client_id text, p_old text, p_new text)
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
UPDATE api_clients SET secret_hash = p_new WHERE client_id = p_client_id AND secret_hash = p_old
$$;
