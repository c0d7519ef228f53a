import type { MemberStep } from '@rollcall/database';
import { groupResourceType, parseProjection, readResource, replaceResource } from '@rollcall/scim';
import type { MemberValue } from '@rollcall/scim';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { changeStoredGroup } from './change-stored-group';
import { getGroup } from './get-group';
import { unconditional } from './patch-group';

/** PUT /Groups/{id} (RFC 7644 §3.5.1): 200 with the group. Without `members` they stay; null or [] empties the group. */
export async function replaceGroup(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  // Refused before anything is written.
  parseProjection(call.query);
  const { resource: next, members } = readResource(call.body, groupResourceType);
  await changeStoredGroup(context, call, {
    decide: (current) => replaceResource(current, next, groupResourceType).resource,
    steps: memberSteps(members),
  });
  return getGroup(context, unconditional(call));
}

function memberSteps(members: readonly MemberValue[] | undefined): MemberStep[] {
  if (members === undefined) return [];
  if (members.length === 0) return [{ kind: 'removeAll', values: [] }];
  return [{ kind: 'replace', values: members.map(({ value }) => value) }];
}
