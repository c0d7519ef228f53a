import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_ENVIRONMENT, ID } from './baseline/tenant';

/**
 * The ids that organizations and directories had at other services, to find them by. They stand in `external_ids` too, but row-level
 * security lets no index on an expression of that be used, for `->>` is not leakproof; not in a function with its owner's rights either,
 * for the owner is behind it too.
 */
export class IndexImportedIds1790000001290 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    // The kinds stand before the ids of before, so that the directories of a service are one range.
    await runner.query(`CREATE TABLE imported_ids (
      environment_id ${ID} NOT NULL,
      service ${ID} NOT NULL,
      kind ${ID} NOT NULL,
      foreign_id ${ID} NOT NULL,
      own_id ${ID} NOT NULL,
      PRIMARY KEY (environment_id, service, kind, foreign_id, own_id),
      FOREIGN KEY (environment_id) REFERENCES environments (id) ON DELETE CASCADE
    )`);
    for (const [kind, table] of Object.entries({ org: 'organizations', dir: 'directories' })) {
      await runner.query(`INSERT INTO imported_ids (environment_id, service, kind, foreign_id, own_id)
        SELECT t.environment_id, e.key, '${kind}', e.value, t.id
        FROM ${table} t, jsonb_each_text(t.external_ids) e WHERE t.external_ids <> '{}'`);
    }
    await runner.query('ALTER TABLE imported_ids ENABLE ROW LEVEL SECURITY');
    await runner.query(`CREATE POLICY tenant ON imported_ids USING (${BY_ENVIRONMENT}) WITH CHECK (${BY_ENVIRONMENT})`);
    await runner.query('GRANT SELECT, INSERT, UPDATE, DELETE ON imported_ids TO rollcall_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE imported_ids');
  }
}
