import { runInSlices } from '@rollcall/platform';
import { groupResourceType, parseProjection, readResourceInSteps, replaceResource } from '@rollcall/scim';
import type { MemberStep } from '@rollcall/scim-store';
import { withGroupMemory } from '../render/with-answer-memory';
import type { ScimAnswer } from '../scim-answer';
import { takeBody } from '../scim-call';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { changeStoredGroup, inMemberTurn } from './change-stored-group';
import type { GroupWrite } from './change-stored-group';
import { readGroup, showsMembers } from './get-group';
import { unconditional } from './patch-group';

/** PUT /Groups/{id} (RFC 7644 §3.5.1): 200 with the group. Without `members` they stay; null or [] empties the group. */
export async function replaceGroup(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  // Refused before anything is written.
  const projection = parseProjection(call.query);
  const write = await readReplacement(takeBody(call));
  return inMemberTurn(context, call, write.steps, () =>
    withGroupMemory(context, call, showsMembers(projection), async () => {
      await changeStoredGroup(context, call, write);
      return readGroup(context, unconditional(call), projection);
    }),
  );
}

async function readReplacement(body: unknown): Promise<GroupWrite> {
  const { resource: next, members } = await runInSlices(readResourceInSteps(body, groupResourceType));
  return {
    decide: (current) => replaceResource(current, next, groupResourceType).resource,
    steps: memberSteps(members),
  };
}

function memberSteps(members: readonly string[] | undefined): MemberStep[] {
  if (members === undefined) return [];
  if (members.length === 0) return [{ kind: 'removeAll', values: [] }];
  return [{ kind: 'replace', values: members }];
}
