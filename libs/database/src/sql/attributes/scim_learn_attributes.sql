-- Adds what is new, up to p_limit attributes in all. Whatever order observations come in, the outcome is the same.
-- p_attributes: [{resource_type, schema_key, path_key, schema, path, types, multi_valued}], each key once.
-- is_full: some were left out for the limit.
CREATE OR REPLACE FUNCTION scim_learn_attributes(
  p_directory_id text, p_attributes jsonb, p_limit integer, OUT is_full boolean
)
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM set_config('rollcall.directory_id', p_directory_id, true);
  -- One learner per directory at a time, so that the limit holds.
  PERFORM pg_advisory_xact_lock(hashtextextended('learned_attributes/' || p_directory_id, 0));
  UPDATE learned_attributes l
    SET types = ARRAY(SELECT DISTINCT t FROM unnest(l.types || s.types) AS t ORDER BY t), multi_valued = l.multi_valued OR s.multi_valued
    FROM jsonb_to_recordset(p_attributes) AS s (resource_type text, schema_key text, path_key text, types text[], multi_valued boolean)
    WHERE l.directory_id = p_directory_id AND l.resource_type = s.resource_type AND l.schema_key = s.schema_key
      AND l.path_key = s.path_key AND NOT (s.types <@ l.types AND (l.multi_valued OR NOT s.multi_valued));
  INSERT INTO learned_attributes (directory_id, resource_type, schema_key, path_key, schema, path, types, multi_valued)
    SELECT p_directory_id, s.resource_type, s.schema_key, s.path_key, s.schema, s.path, s.types, s.multi_valued
    FROM jsonb_to_recordset(p_attributes) AS s (resource_type text, schema_key text, path_key text, schema text, path text,
      types text[], multi_valued boolean)
    WHERE NOT EXISTS (SELECT 1 FROM learned_attributes l WHERE l.directory_id = p_directory_id
      AND l.resource_type = s.resource_type AND l.schema_key = s.schema_key AND l.path_key = s.path_key)
    LIMIT greatest(0, p_limit - (SELECT count(*) FROM learned_attributes l WHERE l.directory_id = p_directory_id))
    ON CONFLICT DO NOTHING;
  is_full := (SELECT count(*) FROM learned_attributes l WHERE l.directory_id = p_directory_id) >= p_limit;
END
$$;
