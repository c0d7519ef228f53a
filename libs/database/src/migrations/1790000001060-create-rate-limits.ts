import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is left of each rate limit in all processes, and the limits that an environment has of its own. The buckets are worth
 * nothing after a crash, when all are full again. Only a function reads and writes them: no role has a grant.
 */
export class CreateRateLimits1790000001060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`CREATE UNLOGGED TABLE rate_limits (
      key text COLLATE "C" PRIMARY KEY,
      tokens double precision NOT NULL,
      per_second double precision NOT NULL,
      burst double precision NOT NULL,
      at timestamptz NOT NULL
    ) WITH (fillfactor = 50)`);
    await runner.query('ALTER TABLE rate_limits ENABLE ROW LEVEL SECURITY');
    await runner.query('ALTER TABLE environments ADD COLUMN limits jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE environments DROP COLUMN limits');
    await runner.query('DROP TABLE rate_limits');
  }
}
