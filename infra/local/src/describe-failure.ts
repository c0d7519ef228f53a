import { describeStartFailure } from '@rollcall/database';
import { StartError } from '@rollcall/embedded-postgres';

/** Why the launcher or a command ended: what the database library says, and the sentences of the server that we bring along. */
export function describeFailure(error: unknown): string {
  return error instanceof StartError ? error.message : describeStartFailure(error);
}
