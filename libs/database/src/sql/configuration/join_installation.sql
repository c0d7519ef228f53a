-- Makes this database a cell of the installation that was made at p_create_time: an empty one takes its name, one that is of it its
-- pepper. Answers whether it is of it. What belongs to one server stays each database's own.
CREATE OR REPLACE FUNCTION join_installation(p_create_time timestamptz, p_secret_key_check text, p_sealed_pepper text)
RETURNS boolean
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
  INSERT INTO installation (create_time, secret_key_check, sealed_pepper)
    SELECT p_create_time, p_secret_key_check, p_sealed_pepper WHERE NOT EXISTS (SELECT 1 FROM environments)
    ON CONFLICT DO NOTHING;
  UPDATE installation i SET sealed_pepper = p_sealed_pepper
    WHERE i.create_time = p_create_time AND i.sealed_pepper IS DISTINCT FROM p_sealed_pepper;
  RETURN EXISTS (SELECT 1 FROM installation i WHERE i.create_time = p_create_time);
END
$$;
