import type { MigrationInterface, QueryRunner } from 'typeorm';
import { GROUP_FUNCTIONS } from './scim-functions/group-functions';
import { USER_FUNCTIONS } from './scim-functions/user-functions';

/**
 * The hot SCIM operations, one round trip and one transaction each: set the tenant, check the token's state, do the work,
 * write the change row. They run with the caller's rights, so row-level security holds inside.
 */
export class CreateScimFunctions1790000000400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [signature, statement] of Object.entries(SCIM_FUNCTIONS)) {
      await runner.query(statement);
      await runner.query(`REVOKE ALL ON FUNCTION ${signature} FROM public`);
      await runner.query(`GRANT EXECUTE ON FUNCTION ${signature} TO rollcall_app`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of Object.keys(SCIM_FUNCTIONS).toReversed()) await runner.query(`DROP FUNCTION ${signature}`);
  }
}

const SCIM_FUNCTIONS: Record<string, string> = { ...USER_FUNCTIONS, ...GROUP_FUNCTIONS };
