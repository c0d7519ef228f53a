import { isBareId } from '@rollcall/platform';
import { ScimError } from '@rollcall/scim';
import type { BulkOperation } from '@rollcall/scim';
import { createGroup } from '../groups/create-group';
import { deleteGroup } from '../groups/delete-group';
import { patchGroup } from '../groups/patch-group';
import { replaceGroup } from '../groups/replace-group';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { createUser } from '../users/create-user';
import { deleteUser } from '../users/delete-user';
import { patchUser } from '../users/patch-user';
import { replaceUser } from '../users/replace-user';

type Run = (context: ScimContext, call: ScimCall) => Promise<ScimAnswer>;

const OPERATIONS: Record<string, Record<BulkOperation['method'], Run>> = {
  Users: { POST: createUser, PUT: replaceUser, PATCH: patchUser, DELETE: deleteUser },
  Groups: { POST: createGroup, PUT: replaceGroup, PATCH: patchGroup, DELETE: deleteGroup },
};

/** Carries out one operation of a bulk request as the request of its own that it stands for. Throws as that would. */
export async function runBulkOperation(
  context: ScimContext,
  { caller }: ScimCall,
  { method, path, data, version }: BulkOperation,
): Promise<ScimAnswer> {
  const [, endpoint = '', id] = /^\/(Users|Groups)(?:\/([^/?]+))?$/.exec(path) ?? [];
  const run = OPERATIONS[endpoint]?.[method];
  if (!run)
    throw new ScimError(
      404,
      undefined,
      'The "path" of the operation names no resource. Send /Users, /Groups or one of theirs.',
    );
  if ((method === 'POST') !== (id === undefined)) {
    throw new ScimError(405, undefined, `${method} is not possible on the "path" of the operation.`);
  }
  const answer = await run(context, {
    caller,
    // Only what became of it goes into the answer.
    query: { excludedAttributes: 'members' },
    body: data,
    ...(id !== undefined && isBareId(id) && { id }),
    ...(version !== undefined && { ifMatch: version }),
  });
  const location = answer.location ?? `${context.baseUrl(caller.directoryId)}${path}`;
  return { ...answer, location };
}
