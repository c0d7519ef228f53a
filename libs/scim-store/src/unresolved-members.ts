import { sqlState } from '@rollcall/database';

/** Strict mode: these member values name neither a user nor a group of the directory (the first five). */
export class UnresolvedMembersError extends Error {
  override readonly name = 'UnresolvedMembersError';

  constructor(readonly values: readonly string[]) {
    super('member values without a user or group');
  }
}

/** The result of a call with members; throws UnresolvedMembersError where strict mode refused them (SQLSTATE RC400). */
export async function namingUnresolvedMembers<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (sqlState(error) !== 'RC400') throw error;
    const { detail } = error as { detail?: string };
    throw new UnresolvedMembersError(detail?.split(', ') ?? []);
  }
}
