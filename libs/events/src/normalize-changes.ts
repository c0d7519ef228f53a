import { objectOf } from '@rollcall/contract';
import type { BatchContext, NormalizedBatch, NormalizedEvent } from './batch';
import type { Change, MemberSlice, NormalizeContext, PublishedState, UserSlice } from './change';
import { compileRules } from './compile-rules';
import type { Draft, Outcome } from './draft';
import { draftEvents } from './draft-events';
import { Holds } from './holds';
import { renderEvent } from './render-event';
import { WorkingState } from './working-state';

/**
 * Turns the changes of one directory into its next events, strictly in their order, and into the new published state.
 *
 * Each change is compared with what was published before it, so consecutive events of an object chain, and where a
 * batch begins and ends makes no difference to the events. A change that cannot be normalized is set aside and spends
 * no number; later changes of the same resource wait for it, the rest goes on. A group with more members than its slice
 * ends the batch and stays unconsumed until the last slice. New rules go over the users in slices too, but hold up
 * nothing: the changes behind them are normalized with the new rules already.
 *
 * Where the deprovision guard holds a user, its changes are consumed and spend no number: the held user carries what they
 * say until the owner decides. A decision goes over the users of its hold in slices, and holds up nothing either.
 * @param changes outbox rows in id order
 * @param state what has been published of everything `requiredState` names for them
 * @throws Error when the state lacks the slice of a deleted group, of changed rules or of a decision
 */
export function normalizeChanges(
  changes: readonly Change[],
  state: PublishedState,
  context: BatchContext,
): NormalizedBatch {
  const steps = normalizeInSteps(changes, state, context);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same, for a caller that has other things to do between the steps, each of which is an event or a change. */
export function* normalizeInSteps(
  changes: readonly Change[],
  state: PublishedState,
  context: BatchContext,
): Generator<void, NormalizedBatch> {
  const working = new WorkingState(state);
  const drafting: NormalizeContext = { ...context, rules: compileRules(context.roles) };
  const holds = new Holds(state.deprovisioning);
  const events: NormalizedEvent[] = [];
  const consumedChangeIds: string[] = [];
  const setAside: NormalizedBatch['setAside'] = [];
  const rulesProgress: NormalizedBatch['rulesProgress'] = [];
  const waiting = new Set<string>();
  let lastSequence = context.lastSequence;
  let moreToDo = false;

  for (const change of changes) {
    yield;
    const resourceId = resourceIdOf(change, context);
    if (waiting.has(resourceId)) continue;
    const slice = findSlice(change, state);
    if (change.kind === 'group_deleted' && working.hasGrown(resourceId)) {
      moreToDo = true;
      break;
    }
    try {
      // Drafting and rendering may fail; nothing is published before both are done.
      const outcome = draftEvents(change, { state: working, context: drafting, holds, slice });
      const rendered = yield* numberEvents(outcome.drafts, lastSequence, change, context);
      if (holds.keepBack(change, outcome.drafts, working.addedUsers)) {
        consumedChangeIds.push(change.id);
        continue;
      }
      publish(outcome, lastSequence + 1, working);
      holds.follow(change, outcome.drafts, slice);
      events.push(...rendered);
      lastSequence += rendered.length;
    } catch (error) {
      setAside.push({ changeId: change.id, resourceId, error: describeError(error) });
      waiting.add(resourceId);
      continue;
    }
    if (change.kind === 'rules_changed' && slice) rulesProgress.push({ changeId: change.id, userIds: slice.userIds });
    if (!slice?.more) consumedChangeIds.push(change.id);
    else moreToDo = true;
    if (slice?.more && change.kind === 'group_deleted') break;
  }
  const deprovisioning = holds.writes();
  return {
    events,
    lastSequence,
    ...working.writes(),
    consumedChangeIds,
    setAside,
    rulesProgress,
    deprovisioning,
    moreToDo,
  };
}

/** The resource whose changes keep their order. */
function resourceIdOf(change: Change, context: BatchContext): string {
  return 'resourceId' in change ? change.resourceId : context.directoryId;
}

/** The users of a change that is normalized in slices; undefined for any other. */
function findSlice(change: Change, state: PublishedState): MemberSlice | UserSlice | undefined {
  if (change.kind === 'group_deleted') {
    const slice = state.deletedGroupMembers?.get(change.resourceId);
    if (!slice) throw new Error(`The members of the deleted group ${change.resourceId} have not been loaded.`);
    return slice;
  }
  if (change.kind !== 'rules_changed' && change.kind !== 'deprovisioning_decided') return undefined;
  const slices = change.kind === 'rules_changed' ? state.rulesSlices : state.deprovisioning?.slices;
  const slice = slices?.get(change.id);
  if (!slice) throw new Error(`The users whom change ${change.id} concerns have not been loaded.`);
  return slice;
}

function* numberEvents(
  drafts: readonly Draft[],
  lastSequence: number,
  change: Change,
  context: BatchContext,
): Generator<void, NormalizedEvent[]> {
  const events: NormalizedEvent[] = [];
  for (const draft of drafts) {
    events.push(numberEvent(draft, lastSequence + events.length + 1, change, context));
    yield;
  }
  return events;
}

function numberEvent(
  draft: Draft,
  sequence: number,
  { occurredAt, requestId = null }: Change,
  context: BatchContext,
): NormalizedEvent {
  const { type, resourceId, data, previousAttributes } = draft;
  const { environmentId, organizationId, directoryId, epoch, externalIds } = context;
  const id = context.newEventId();
  const tenant = { environmentId, organizationId, directoryId };
  const numbered = { id, type, ...tenant, sequence, epoch, occurredAt, externalIds };
  const body = renderEvent({ ...numbered, data, previousAttributes });
  return { id, sequence, type, object: objectOf(type), resourceId, body, occurredAt, requestId };
}

/** Makes the published state what the events say. Nothing in here fails: a change is published whole or not at all. */
function publish(outcome: Outcome, firstSequence: number, working: WorkingState): void {
  outcome.drafts.forEach((draft, index) => publishDraft(draft, firstSequence + index, working));
  for (const membership of outcome.membershipAdds) working.addMembership(membership);
  for (const membership of outcome.membershipRemoves) working.removeMembership(membership);
}

function publishDraft(draft: Draft, sequence: number, working: WorkingState): void {
  switch (draft.type) {
    case 'organization.directory.user_created':
    case 'organization.directory.user_updated':
      return working.publishUser(draft.resourceId, { data: draft.data, sequence });
    case 'organization.directory.user_deleted':
      return working.unpublishUser(draft.resourceId);
    case 'organization.directory.group_created':
    case 'organization.directory.group_updated':
      return working.publishGroup(draft.resourceId, { data: draft.data, sequence });
    case 'organization.directory.group_members_changed':
      return working.publishGroup(draft.resourceId, { data: draft.data.group, sequence });
    case 'organization.directory.group_deleted':
      return working.unpublishGroup(draft.resourceId);
    case 'organization.directory_created':
    case 'organization.directory_enabled':
    case 'organization.directory_disabled':
    case 'organization.directory_deleted':
      // The directory itself has no published object.
      return;
    default:
      return draft satisfies never;
  }
}

const LONGEST_ERROR = 500;

function describeError(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error').slice(0, LONGEST_ERROR);
}
