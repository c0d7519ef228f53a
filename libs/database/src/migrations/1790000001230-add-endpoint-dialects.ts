import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In whose form an endpoint gets events. Processes of the version before leave such an endpoint to those that know how (`endpoint_gates`). */
export class AddEndpointDialects1790000001230 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`ALTER TABLE webhook_endpoints
      ADD COLUMN dialect text CHECK (dialect IN ('scalekit', 'workos')),
      ADD COLUMN deactivation text CHECK (deactivation IN ('delete', 'update'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE webhook_endpoints DROP COLUMN dialect, DROP COLUMN deactivation');
  }
}
