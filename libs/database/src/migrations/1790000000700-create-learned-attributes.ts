import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attributes of extensions that identity providers send, by directory, for its SCIM schemas. */
export class CreateLearnedAttributes1790000000700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
    await runner.query(`ALTER TABLE learned_attributes ENABLE ROW LEVEL SECURITY`);
    await runner.query(`CREATE POLICY tenant ON learned_attributes USING (${POLICY}) WITH CHECK (${POLICY})`);
    await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON learned_attributes TO rollcall_app`);
    for (const [signature, statement] of Object.entries(FUNCTIONS)) {
      await runner.query(statement);
      await runner.query(`REVOKE ALL ON FUNCTION ${signature} FROM public`);
      await runner.query(`GRANT EXECUTE ON FUNCTION ${signature} TO rollcall_app`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of Object.keys(FUNCTIONS).toReversed()) await runner.query(`DROP FUNCTION ${signature}`);
    await runner.query(`DROP TABLE learned_attributes`);
  }
}

const ID = 'text COLLATE "C"';
const POLICY = `directory_id = nullif(current_setting('rollcall.directory_id', true), '')`;

// The keys are schema and path folded by case; types grows, and what a schema says is inferred from all of them.
const TABLE = `CREATE TABLE learned_attributes (
  directory_id ${ID} NOT NULL,
  resource_type ${ID} NOT NULL,
  schema_key ${ID} NOT NULL,
  path_key ${ID} NOT NULL,
  schema text NOT NULL,
  path text NOT NULL,
  types text[] NOT NULL,
  multi_valued boolean NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (directory_id, resource_type, schema_key, path_key)
)`;

const FUNCTIONS: Record<string, string> = {
  // Adds what is new, up to p_limit attributes in all. Whatever order observations come in, the outcome is the same.
  // p_attributes: [{resource_type, schema_key, path_key, schema, path, types, multi_valued}], each key once.
  // is_full: some were left out for the limit.
  'scim_learn_attributes(text, jsonb, integer)': `CREATE FUNCTION scim_learn_attributes(
      p_directory_id text, p_attributes jsonb, p_limit integer, OUT is_full boolean)
    LANGUAGE plpgsql AS $$
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
    END $$`,

  // In the order in which they were learned. One row without a path carries the state when there is nothing to show.
  'scim_list_learned_attributes(text, text, integer)': `CREATE FUNCTION scim_list_learned_attributes(
      p_directory_id text, p_secret_id text, p_secret_version integer)
    RETURNS TABLE (state text, touch boolean, resource_type text, schema text, path text, types text[], multi_valued boolean)
    LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM set_config('rollcall.directory_id', p_directory_id, true);
      SELECT a.state, a.touch INTO state, touch FROM authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version) a;
      IF state = 'ok' THEN
        RETURN QUERY SELECT scim_list_learned_attributes.state, scim_list_learned_attributes.touch,
            l.resource_type, l.schema, l.path, l.types, l.multi_valued
          FROM learned_attributes l WHERE l.directory_id = p_directory_id ORDER BY l.create_time, l.schema_key, l.path_key;
        IF FOUND THEN RETURN; END IF;
      END IF;
      RETURN NEXT;
    END $$`,
};
