import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_ENVIRONMENT, ID } from './baseline/tenant';

/**
 * Who was erased, by id alone: a job while it is under way, the receipt afterwards. It is never removed, since it has no name in
 * it. The indexes find what is kept of one person: the events, the deliveries of an event, the members that named nobody, and the
 * answers of receivers, oldest first.
 */
export class CreateErasures1790000001080 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    // directory_id and user_id: '' for the whole organization.
    await runner.query(`CREATE TABLE erasures (
      environment_id ${ID} NOT NULL,
      id ${ID} NOT NULL,
      organization_id ${ID} NOT NULL,
      directory_id ${ID} NOT NULL DEFAULT '',
      user_id ${ID} NOT NULL DEFAULT '',
      state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'running', 'finished')),
      counts jsonb NOT NULL DEFAULT '{}',
      position text NOT NULL DEFAULT '',
      create_time timestamptz NOT NULL DEFAULT now(),
      finish_time timestamptz,
      PRIMARY KEY (environment_id, id),
      FOREIGN KEY (environment_id, organization_id) REFERENCES organizations (environment_id, id)
    )`);
    await runner.query(
      `CREATE UNIQUE INDEX erasures_subject ON erasures (environment_id, organization_id, directory_id, user_id)`,
    );
    await runner.query(`CREATE INDEX erasures_unfinished ON erasures (id) WHERE state <> 'finished'`);
    await runner.query('ALTER TABLE erasures ENABLE ROW LEVEL SECURITY');
    await runner.query(`CREATE POLICY tenant ON erasures USING (${BY_ENVIRONMENT}) WITH CHECK (${BY_ENVIRONMENT})`);
    await runner.query('GRANT SELECT, INSERT, UPDATE ON erasures TO rollcall_app');
    await runner.query('CREATE INDEX events_resource ON events (directory_id, resource_id, sequence)');
    await runner.query('CREATE INDEX deliveries_event ON deliveries (directory_id, event_id)');
    await runner.query('CREATE INDEX unresolved_members_value ON unresolved_members (directory_id, value)');
    await runner.query(`CREATE INDEX delivery_attempts_answered ON delivery_attempts (delivery_id)
      WHERE response_body <> '' OR response_headers <> '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of INDEXES) await runner.query(`DROP INDEX ${index}`);
    await runner.query('DROP TABLE erasures');
  }
}

const INDEXES = ['events_resource', 'deliveries_event', 'unresolved_members_value', 'delivery_attempts_answered'];
