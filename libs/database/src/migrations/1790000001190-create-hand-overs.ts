import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_ENVIRONMENT, ID } from './baseline/tenant';

/**
 * Links with which an administrator hands the setting up of one directory over to a colleague. They stand apart from the links to the
 * portal and have no session there: what opens one of these opens no other thing, also for a process of before, which knows neither.
 * page_hash: of what the page that has shown the bearer token goes on with; the link opens nothing any more then.
 */
export class CreateHandOvers1790000001190 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`CREATE TABLE hand_overs (
      environment_id ${ID} NOT NULL,
      id ${ID} NOT NULL,
      organization_id ${ID} NOT NULL,
      directory_id ${ID} NOT NULL,
      token_hash ${ID} NOT NULL,
      page_hash ${ID},
      secret_id ${ID},
      create_time timestamptz NOT NULL DEFAULT now(),
      expire_time timestamptz NOT NULL,
      opened_time timestamptz,
      token_shown_time timestamptz,
      revoked_time timestamptz,
      PRIMARY KEY (environment_id, id),
      FOREIGN KEY (environment_id, directory_id) REFERENCES directories (environment_id, id) ON DELETE CASCADE
    )`);
    await runner.query('CREATE INDEX hand_overs_directory ON hand_overs (environment_id, directory_id)');
    await runner.query('CREATE INDEX hand_overs_expire_time ON hand_overs (environment_id, expire_time)');
    await runner.query('CREATE UNIQUE INDEX hand_overs_token_hash ON hand_overs (token_hash)');
    await runner.query('CREATE UNIQUE INDEX hand_overs_page_hash ON hand_overs (page_hash)');
    await runner.query('ALTER TABLE hand_overs ENABLE ROW LEVEL SECURITY');
    await runner.query(`CREATE POLICY tenant ON hand_overs USING (${BY_ENVIRONMENT}) WITH CHECK (${BY_ENVIRONMENT})`);
    await runner.query('GRANT SELECT, INSERT, UPDATE, DELETE ON hand_overs TO rollcall_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE hand_overs');
  }
}
