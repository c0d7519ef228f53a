import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LOOKUP_FUNCTIONS } from './1790000000300-create-lookup-functions';
import { asReplacement } from './scim-functions/as-replacement';
import { GROUP_FUNCTIONS } from './scim-functions/group-functions';
import { LIGHTER_GROUP_FUNCTIONS, MOVE_MEMBER } from './scim-functions/lighter-group-functions';
import { LIGHTER_USER_FUNCTIONS } from './scim-functions/lighter-user-functions';
import { USER_FUNCTIONS } from './scim-functions/user-functions';

/**
 * The hot SCIM functions again, with the same results from fewer statements: starting a statement costs PostgreSQL more than
 * finding a row. Assignments are evaluated without one, and what was read in several steps is read in one.
 */
export class LightenScimFunctions1790000000890 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MOVE_MEMBER.statement);
    await runner.query(`REVOKE ALL ON FUNCTION ${MOVE_MEMBER.signature} FROM public`);
    await runner.query(`GRANT EXECUTE ON FUNCTION ${MOVE_MEMBER.signature} TO rollcall_app`);
    for (const statement of Object.values(LIGHTER)) await runner.query(asReplacement(statement));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [signature, statement] of Object.entries(BEFORE)) {
      if (Object.hasOwn(LIGHTER, signature)) await runner.query(asReplacement(statement));
    }
    await runner.query(`DROP FUNCTION ${MOVE_MEMBER.signature}`);
  }
}

const LIGHTER = { ...LIGHTER_USER_FUNCTIONS, ...LIGHTER_GROUP_FUNCTIONS };
const BEFORE = { ...LOOKUP_FUNCTIONS, ...USER_FUNCTIONS, ...GROUP_FUNCTIONS };
