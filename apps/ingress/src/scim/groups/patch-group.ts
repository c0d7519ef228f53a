import { applyPatch, groupResourceType, parsePatchRequest, parseProjection, planGroupPatch } from '@rollcall/scim';
import type { MembershipStep } from '@rollcall/scim';
import type { MemberStep } from '@rollcall/scim-store';
import { withGroupMemory } from '../render/with-answer-memory';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { changeStoredGroup } from './change-stored-group';
import type { GroupWrite } from './change-stored-group';
import { readGroup, showsMembers } from './get-group';
import { takeGroupBody } from './take-group-body';

/**
 * PATCH /Groups/{id} (RFC 7644 §3.5.2): all operations or none; 204, or 200 with the group when `attributes` are asked for.
 * Costs what it names, however many members the group has.
 */
export async function patchGroup(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  const { attributes } = parseProjection(call.query);
  const change = async () => changeStoredGroup(context, call, readPatch(await takeGroupBody(call)));
  if (attributes !== undefined) {
    return withGroupMemory(context, call, showsMembers(call), async () => {
      await change();
      return readGroup(context, unconditional(call));
    });
  }
  await change();
  return { status: 204 };
}

function readPatch(body: unknown): GroupWrite {
  const { attributeOperations, membership } = planGroupPatch(parsePatchRequest(body), groupResourceType);
  return {
    decide:
      attributeOperations.length === 0
        ? null
        : (current, options) => applyPatch(current, attributeOperations, groupResourceType, options).resource,
    steps: membership.map(toMemberStep),
  };
}

function toMemberStep(step: MembershipStep): MemberStep {
  return { kind: step.kind, values: step.kind === 'removeAll' ? [] : step.members };
}

/** The call without its preconditions, which were about the version before. */
export function unconditional(call: ScimCall): ScimCall {
  const { caller, query, body, id } = call;
  return { caller, query, body, ...(id !== undefined && { id }) };
}
