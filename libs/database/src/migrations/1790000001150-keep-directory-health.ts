import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_EITHER, ID } from './baseline/tenant';

/**
 * What the health of a directory follows from beside its tokens: what its identity provider was refused, one row for each reason;
 * whether the last token was refused; when its switches were set; and when its first user, group, member and deactivation came.
 */
export class KeepDirectoryHealth1790000001150 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`CREATE TABLE directory_refusals (
      directory_id ${ID} NOT NULL,
      reason text NOT NULL,
      environment_id ${ID} NOT NULL,
      status smallint NOT NULL,
      scim_type text,
      count bigint NOT NULL,
      first_time timestamptz NOT NULL,
      last_time timestamptz NOT NULL,
      PRIMARY KEY (directory_id, reason)
    )`);
    await runner.query('ALTER TABLE directory_refusals ENABLE ROW LEVEL SECURITY');
    await runner.query(`CREATE POLICY tenant ON directory_refusals USING (${BY_EITHER}) WITH CHECK (${BY_EITHER})`);
    // Written before the tenant is known, by a function of the owner; removed with the directory.
    await runner.query('GRANT SELECT, DELETE ON directory_refusals TO rollcall_app');
    await runner.query(
      'ALTER TABLE directories ADD COLUMN refused_since timestamptz, ADD COLUMN enabled_changed_time timestamptz',
    );
    await runner.query('ALTER TABLE organizations ADD COLUMN dir_sync_changed_time timestamptz');
    await runner.query(
      `ALTER TABLE directory_counters ${FIRSTS.map((column) => `ADD COLUMN ${column} timestamptz`).join(', ')}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE directory_counters ${FIRSTS.map((column) => `DROP COLUMN ${column}`).join(', ')}`);
    await runner.query('ALTER TABLE organizations DROP COLUMN dir_sync_changed_time');
    await runner.query('ALTER TABLE directories DROP COLUMN refused_since, DROP COLUMN enabled_changed_time');
    await runner.query('DROP TABLE directory_refusals');
  }
}

const FIRSTS = ['first_user_time', 'first_group_time', 'first_member_time', 'first_deactivation_time'];
