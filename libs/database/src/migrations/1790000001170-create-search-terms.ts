import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_DIRECTORY, ID } from './baseline/tenant';

/**
 * What users and groups are found and ordered by, as they were published last, so that a list of a hundred thousand is searched along
 * an index. What is published already has its terms written by the worker, directory by directory: all of it at one time would keep
 * the drains waiting for minutes. terms_sequence: the sequence of what they were made of; another one than the row's: a worker of
 * before has published it. That is looked for twice in each directory, the second time when there is no such worker any more.
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
    await runner.query('CREATE INDEX search_terms_resource ON search_terms (directory_id, id)');
    await runner.query('ALTER TABLE search_terms ENABLE ROW LEVEL SECURITY');
    await runner.query(`CREATE POLICY tenant ON search_terms USING (${BY_DIRECTORY}) WITH CHECK (${BY_DIRECTORY})`);
    await runner.query('GRANT SELECT, INSERT, UPDATE, DELETE ON search_terms TO rollcall_app');
    await runner.query('ALTER TABLE published_groups ADD COLUMN terms_sequence bigint');
    await runner.query(`ALTER TABLE published_users ADD COLUMN terms_sequence bigint,
      ADD COLUMN name_key ${ID} NOT NULL DEFAULT '', ADD COLUMN email_key ${ID} NOT NULL DEFAULT ''`);
    await runner.query(`ALTER TABLE directory_counters ADD COLUMN terms_checks_left smallint NOT NULL DEFAULT 2,
      ADD COLUMN terms_check_time timestamptz NOT NULL DEFAULT now()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE directory_counters DROP COLUMN terms_checks_left, DROP COLUMN terms_check_time');
    await runner.query(
      'ALTER TABLE published_users DROP COLUMN terms_sequence, DROP COLUMN name_key, DROP COLUMN email_key',
    );
    await runner.query('ALTER TABLE published_groups DROP COLUMN terms_sequence');
    await runner.query('DROP TABLE search_terms');
  }
}
