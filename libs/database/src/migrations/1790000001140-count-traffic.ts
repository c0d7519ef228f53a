import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_ENVIRONMENT, ID } from './baseline/tenant';

/**
 * What an overview shows is added up while it happens, so that looking at it costs the same however much there was: counts for each
 * minute and each hour of an environment. They tell how things went and are no record: a worker that is killed forgets its last
 * seconds. Only functions write them.
 *
 * And an attempt keeps the headers that were sent, which its signature is among.
 */
export class CountTraffic1790000001140 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    // latencies: how many first attempts began within each of the times that libs/pipeline-store names, the last one counts the rest.
    await runner.query(`CREATE TABLE traffic (
      environment_id ${ID} NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      resolution text COLLATE "C" NOT NULL CHECK (resolution IN ('minute', 'hour')),
      start_time timestamptz NOT NULL,
      changes bigint NOT NULL DEFAULT 0,
      events bigint NOT NULL DEFAULT 0,
      attempts_succeeded bigint NOT NULL DEFAULT 0,
      attempts_failed bigint NOT NULL DEFAULT 0,
      latencies bigint[] NOT NULL DEFAULT '{}',
      PRIMARY KEY (environment_id, resolution, start_time)
    ) WITH (fillfactor = 70)`);
    await runner.query('CREATE INDEX traffic_start_time ON traffic (resolution, start_time)');
    await runner.query('ALTER TABLE traffic ENABLE ROW LEVEL SECURITY');
    await runner.query(`CREATE POLICY tenant ON traffic USING (${BY_ENVIRONMENT}) WITH CHECK (${BY_ENVIRONMENT})`);
    await runner.query('GRANT SELECT ON traffic TO rollcall_app');
    await runner.query(`ALTER TABLE delivery_attempts ADD COLUMN request_headers jsonb NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery_attempts DROP COLUMN request_headers');
    await runner.query('DROP TABLE traffic');
  }
}
