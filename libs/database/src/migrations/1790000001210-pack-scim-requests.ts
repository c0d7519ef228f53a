import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_DIRECTORY, ID } from './baseline/tenant';

/**
 * Keeps SCIM requests in packs: those of a directory that were answered within a moment are one row, their entries and bodies two JSON
 * texts. A row of its own, with its indexes, cost a request more than a read does. What a request is found by stands in a table beside
 * it, as a hash with its directory: the entry itself tells whether it was meant. The view shows requests as the table did, which programs of version 6
 * read, and whoever looks by hand; it unpacks what it is asked for.
 */
export class PackScimRequests1790000001210 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`CREATE TABLE scim_request_packs (
      directory_id ${ID} NOT NULL,
      id ${ID} NOT NULL,
      first_id ${ID} NOT NULL,
      count smallint NOT NULL,
      has_failures boolean NOT NULL,
      entries text NOT NULL,
      bodies text,
      PRIMARY KEY (directory_id, id)
    ) PARTITION BY RANGE (id)`);
    await runner.query(
      'CREATE INDEX scim_request_packs_failures ON scim_request_packs (directory_id, id) WHERE has_failures',
    );
    // To compress them again for each few requests that come takes longer than to write them.
    await runner.query(
      'ALTER TABLE scim_request_packs ALTER entries SET STORAGE EXTERNAL, ALTER bodies SET STORAGE EXTERNAL',
    );
    await runner.query(`CREATE TABLE scim_request_keys (
      directory_id ${ID} NOT NULL,
      key bigint NOT NULL,
      pack_id ${ID} NOT NULL
    ) PARTITION BY RANGE (pack_id)`);
    // A third of what a B-tree takes, whose leaves a new key would each time have to be sought among.
    await runner.query('CREATE INDEX scim_request_keys_key ON scim_request_keys USING hash (key)');
    for (const table of ['scim_request_packs', 'scim_request_keys']) {
      await runner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY tenant ON ${table} USING (${BY_DIRECTORY}) WITH CHECK (${BY_DIRECTORY})`);
    }
    await runner.query('GRANT SELECT, UPDATE, DELETE ON scim_request_packs TO rollcall_app');
    await runner.query('GRANT SELECT, DELETE ON scim_request_keys TO rollcall_app');
    await runner.query(SAME_PARTITIONS);
    await runner.query(PACK_ROWS);
    await runner.query('DROP TABLE scim_requests');
    await runner.query(VIEW);
    await runner.query('GRANT SELECT ON scim_requests TO rollcall_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER VIEW scim_requests RENAME TO unpacked');
    await runner.query(
      `CREATE TABLE scim_requests (LIKE unpacked, PRIMARY KEY (directory_id, id)) PARTITION BY RANGE (id)`,
    );
    await runner.query('CREATE TABLE scim_requests_all PARTITION OF scim_requests DEFAULT');
    await runner.query('INSERT INTO scim_requests SELECT * FROM unpacked');
    await runner.query('DROP VIEW unpacked');
    await runner.query('DROP TABLE scim_request_packs, scim_request_keys');
    await runner.query('ALTER TABLE scim_requests ENABLE ROW LEVEL SECURITY');
    await runner.query(`CREATE POLICY tenant ON scim_requests USING (${BY_DIRECTORY}) WITH CHECK (${BY_DIRECTORY})`);
    await runner.query('GRANT SELECT, DELETE ON scim_requests TO rollcall_app');
  }
}

const SAME_PARTITIONS = `DO $$
DECLARE
  week record;
BEGIN
  FOR week IN SELECT right(c.relname, 8) AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'scim_requests'::regclass
  LOOP
    EXECUTE format('CREATE TABLE scim_request_packs_%s PARTITION OF scim_request_packs %s', week.name, week.bounds);
    EXECUTE format('CREATE TABLE scim_request_keys_%s PARTITION OF scim_request_keys %s', week.name, week.bounds);
  END LOOP;
END
$$`;

/** Up to 250 rows of half a minute, which is what seven characters of an id stand for. */
const PACK_ROWS = `WITH numbered AS (
  SELECT *, substr(id, 1, 7) AS part, (row_number() OVER (PARTITION BY directory_id, substr(id, 1, 7) ORDER BY id) - 1) / 250 AS number
  FROM scim_requests
), packs AS (
  SELECT directory_id, max(id) AS id, min(id) AS first_id, count(*) AS count, part, number,
    bool_or(outcome IN ('refused', 'failed')) AS has_failures,
    json_agg(json_build_array(id, method, path, status, outcome, scim_type, detail, duration_ms, secret_id, user_agent, correlation_id,
      ip_address, resource_id, user_name_key, not_recorded) ORDER BY id)::text AS entries,
    json_agg(json_build_array(request_body::json, response_body::json) ORDER BY id)::text AS bodies
  FROM numbered GROUP BY directory_id, part, number
), written AS (
  INSERT INTO scim_request_packs (directory_id, id, first_id, count, has_failures, entries, bodies)
  SELECT directory_id, id, first_id, count, has_failures, entries, bodies FROM packs
)
INSERT INTO scim_request_keys (directory_id, key, pack_id)
SELECT DISTINCT n.directory_id, hashtextextended(n.directory_id || k.key, 0), p.id
FROM numbered n JOIN packs p USING (directory_id, part, number), unnest(ARRAY[n.resource_id, n.user_name_key]) AS k (key)
WHERE k.key IS NOT NULL`;

const VIEW = `CREATE VIEW scim_requests WITH (security_invoker = true) AS
SELECT p.directory_id, (e.entry ->> 0) COLLATE "C" AS id, e.entry ->> 1 AS method, e.entry ->> 2 AS path, (e.entry ->> 3)::smallint AS status,
  e.entry ->> 4 AS outcome, e.entry ->> 5 AS scim_type, e.entry ->> 6 AS detail, (e.entry ->> 7)::real AS duration_ms,
  e.entry ->> 8 AS secret_id, e.entry ->> 9 AS user_agent, e.entry ->> 10 AS correlation_id, e.entry ->> 11 AS ip_address,
  e.entry ->> 12 AS resource_id, e.entry ->> 13 AS user_name_key, (e.entry ->> 14)::integer AS not_recorded,
  p.bodies::json -> (e.n - 1)::integer ->> 0 AS request_body, p.bodies::json -> (e.n - 1)::integer ->> 1 AS response_body
FROM scim_request_packs p, json_array_elements(p.entries::json) WITH ORDINALITY AS e (entry, n)`;
