import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_ENVIRONMENT, ID } from './baseline/tenant';

/**
 * Who did what. An id is a time, so the newest come first by id, a range of times is one of ids, and a month is a partition. The
 * ids of actor and target are those that the API shows; organization_id is bare. The runtime role may add and read, and neither
 * change nor remove: partitions that are too old are dropped, and an erasure replaces values, by functions of the owner.
 */
export class CreateAuditLog1790000001030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`CREATE TABLE audit_log (
      environment_id ${ID} NOT NULL,
      id ${ID} NOT NULL,
      actor_type text NOT NULL,
      actor_id ${ID},
      actor_name text,
      action ${ID} NOT NULL,
      target_type text NOT NULL,
      target_id ${ID},
      target_name text,
      organization_id ${ID},
      ip_address text,
      request_id text,
      changes jsonb NOT NULL DEFAULT '{}',
      PRIMARY KEY (environment_id, id)
    ) PARTITION BY RANGE (id)`);
    for (const column of ['organization_id', 'actor_id', 'action', 'target_id']) {
      await runner.query(`CREATE INDEX audit_log_${column} ON audit_log (environment_id, ${column}, id)`);
    }
    await runner.query('ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY');
    await runner.query(`CREATE POLICY tenant ON audit_log USING (${BY_ENVIRONMENT}) WITH CHECK (${BY_ENVIRONMENT})`);
    await runner.query('GRANT SELECT, INSERT ON audit_log TO rollcall_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_log');
  }
}
