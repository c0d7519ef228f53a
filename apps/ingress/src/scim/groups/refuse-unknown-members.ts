import { invalidValue } from '@rollcall/scim';
import { UnresolvedMembersError } from '@rollcall/scim-store';

/** Waits for a write and reports strict mode's refusal as 400 `invalidValue`. The values came with the request. */
export async function refuseUnknownMembers<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!(error instanceof UnresolvedMembersError)) throw error;
    throw invalidValue(
      `These members are no users or groups of this directory: ${error.values.join(', ')}. Provision them first, or leave them out.`,
    );
  }
}
