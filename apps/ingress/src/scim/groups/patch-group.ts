import { runInSlices } from '@rollcall/platform';
import {
  applyPatchInSteps,
  groupResourceType,
  parsePatchRequestInSteps,
  parseProjection,
  planGroupPatchInSteps,
} from '@rollcall/scim';
import type { GroupPatchPlan, MembershipStep, ScimResource } from '@rollcall/scim';
import type { MemberStep } from '@rollcall/scim-store';
import { answerVersion } from '../render/answer-resource';
import { withGroupMemory } from '../render/with-answer-memory';
import type { ScimAnswer } from '../scim-answer';
import { takeBody } from '../scim-call';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { changeStoredGroup, inMemberTurn } from './change-stored-group';
import type { GroupWrite } from './change-stored-group';
import { readGroup, showsMembers } from './get-group';

/**
 * PATCH /Groups/{id} (RFC 7644 §3.5.2): all operations or none; 204, or 200 with the group when `attributes` are asked for.
 * Costs what it names, however many members the group has.
 */
export async function patchGroup(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  const projection = parseProjection(call.query);
  const isShown = projection.attributes !== undefined;
  const write = await readPatch(takeBody(call));
  return inMemberTurn(context, call, write.steps, () =>
    withGroupMemory(context, call, isShown && showsMembers(projection), async () => {
      const changed = await changeStoredGroup(context, call, write);
      if (isShown) return readGroup(context, unconditional(call), projection);
      const place = { type: groupResourceType, baseUrl: context.baseUrl(call.caller.directoryId) };
      return { answer: answerVersion(204, changed, place), size: 0 };
    }),
  );
}

async function readPatch(body: unknown): Promise<GroupWrite> {
  const operations = await runInSlices(parsePatchRequestInSteps(body));
  const plan = await runInSlices(planGroupPatchInSteps(operations, groupResourceType));
  const needsGroup = plan.attributeOperations.length > 0 || plan.strictRefusal !== undefined;
  return {
    decide: needsGroup ? (current, options) => decideAttributes(plan, current, options) : null,
    steps: plan.membership.map(toMemberStep),
  };
}

async function decideAttributes(
  { attributeOperations, strictRefusal }: GroupPatchPlan,
  current: ScimResource,
  options: { strict: boolean },
): Promise<ScimResource> {
  if (options.strict && strictRefusal !== undefined) throw strictRefusal;
  const { resource } = await runInSlices(applyPatchInSteps(current, attributeOperations, groupResourceType, options));
  return resource;
}

function toMemberStep(step: MembershipStep): MemberStep {
  return { kind: step.kind, values: step.kind === 'removeAll' ? [] : step.members };
}

/** The call without its preconditions, which were about the version before. */
export function unconditional(call: ScimCall): ScimCall {
  const { caller, query, body, id } = call;
  return { caller, query, body, ...(id !== undefined && { id }) };
}
