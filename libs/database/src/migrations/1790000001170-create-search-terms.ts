import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_DIRECTORY, ID } from './baseline/tenant';

/**
 * What users and groups are found and ordered by, as they were published last, so that a list of a hundred thousand is searched along
 * an index. A token that takes the place of others may end them when it is first seen.
 */
export class CreateSearchTerms1790000001170 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`CREATE TABLE search_terms (
      directory_id ${ID} NOT NULL,
      kind ${ID} NOT NULL,
      term ${ID} NOT NULL,
      id ${ID} NOT NULL,
      PRIMARY KEY (directory_id, kind, term, id)
    )`);
    await runner.query('ALTER TABLE search_terms ENABLE ROW LEVEL SECURITY');
    await runner.query(`CREATE POLICY tenant ON search_terms USING (${BY_DIRECTORY}) WITH CHECK (${BY_DIRECTORY})`);
    await runner.query('GRANT SELECT, INSERT, UPDATE, DELETE ON search_terms TO rollcall_app');
    await runner.query(
      `ALTER TABLE published_users ADD COLUMN name_key ${ID} NOT NULL DEFAULT '', ADD COLUMN email_key ${ID} NOT NULL DEFAULT ''`,
    );
    await runner.query('ALTER TABLE directory_secrets ADD COLUMN retired_by text COLLATE "C"');
    await fill(runner);
    await runner.query('CREATE INDEX search_terms_resource ON search_terms (directory_id, id)');
    await runner.query('CREATE INDEX published_users_name ON published_users (directory_id, name_key, id)');
    await runner.query('CREATE INDEX published_users_email ON published_users (directory_id, email_key, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE directory_secrets DROP COLUMN retired_by');
    await runner.query('ALTER TABLE published_users DROP COLUMN name_key, DROP COLUMN email_key');
    await runner.query('DROP TABLE search_terms');
  }
}

/** What is published already, as the program of this version finds and orders it. */
async function fill(runner: QueryRunner): Promise<void> {
  await runner.query(
    `INSERT INTO search_terms (directory_id, kind, term, id)
     SELECT p.directory_id, 'user', t.term, p.id FROM published_users p
     CROSS JOIN LATERAL (SELECT p.data::json AS d) u
     CROSS JOIN LATERAL (
       SELECT ${fold("concat_ws(' ', d ->> 'name', d ->> 'given_name', d ->> 'family_name', d ->> 'nickname')")} AS names) n
     CROSS JOIN LATERAL (
       SELECT DISTINCT left(term, 64) AS term FROM (
         SELECT ${fold('whole')} FROM (VALUES (d ->> 'dp_id'), (d ->> 'employee_id')) w (whole)
         UNION ALL SELECT a.address FROM (${ADDRESSES}) a
         UNION ALL SELECT regexp_split_to_table(names, '\\s+')
         UNION ALL SELECT regexp_split_to_table(names COLLATE "und-x-icu", '[^[:alnum:]]+')
         UNION ALL SELECT split_part(a.address, '@', 2) FROM (${ADDRESSES}) a
         UNION ALL SELECT regexp_split_to_table(split_part(a.address, '@', 1) COLLATE "und-x-icu", '[^[:alnum:]]+')
           FROM (${ADDRESSES}) a) s (term)
       WHERE term <> '' LIMIT 24) t`,
  );
  await runner.query(
    `INSERT INTO search_terms (directory_id, kind, term, id)
     SELECT DISTINCT p.directory_id, 'role', r.role ->> 'role_name', p.id
     FROM published_users p CROSS JOIN LATERAL json_array_elements(p.data::json -> 'roles') r (role)
     WHERE r.role ->> 'role_name' IS NOT NULL`,
  );
  await runner.query(
    `INSERT INTO search_terms (directory_id, kind, term, id)
     SELECT p.directory_id, 'group', t.term, p.id FROM published_groups p
     CROSS JOIN LATERAL (SELECT p.data::json AS d) g
     CROSS JOIN LATERAL (SELECT ${fold("coalesce(d ->> 'display_name', '')")} AS name) n
     CROSS JOIN LATERAL (
       SELECT DISTINCT left(term, 64) AS term FROM (
         SELECT ${fold("d ->> 'external_id'")}
         UNION ALL SELECT regexp_split_to_table(name, '\\s+')
         UNION ALL SELECT regexp_split_to_table(name COLLATE "und-x-icu", '[^[:alnum:]]+')) s (term)
       WHERE term <> '' LIMIT 24) t`,
  );
  await runner.query(
    `UPDATE published_users p SET
       name_key = coalesce(${fold(`coalesce(p.data::json ->> 'name',
         nullif(concat_ws(' ', p.data::json ->> 'given_name', p.data::json ->> 'family_name'), ''),
         p.data::json ->> 'preferred_username')`)}, ''),
       email_key = coalesce(${fold(`coalesce(p.data::json ->> 'email', p.data::json ->> 'preferred_username')`)}, '')`,
  );
}

const ADDRESSES = `SELECT ${fold('value')} AS address FROM (
  SELECT d ->> 'preferred_username' AS value UNION ALL SELECT d ->> 'email'
  UNION ALL (SELECT e.email ->> 'value' FROM json_array_elements(d -> 'emails') e (email) LIMIT 5)) v WHERE value IS NOT NULL`;

function fold(text: string): string {
  const plain = `regexp_replace(normalize(lower(left(${text}, 200) COLLATE "und-x-icu"), NFD), '[\u0300-\u036f]+', '', 'g')`;
  const letters = `translate(${plain}, 'øđðħıłŧς', 'oddhiltσ')`;
  return `normalize(replace(replace(replace(replace(${letters}, 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'ß', 'ss'), NFC)`;
}
