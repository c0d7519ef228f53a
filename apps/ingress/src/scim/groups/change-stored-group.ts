import { changeGroup } from '@rollcall/directory';
import type { GroupRecord } from '@rollcall/directory';
import { groupResourceType, printResource } from '@rollcall/scim';
import type { ScimResource } from '@rollcall/scim';
import { writeGroup } from '@rollcall/scim-store';
import type { MemberStep, StoredResource, WriteGroupResult } from '@rollcall/scim-store';
import type { ResourceVersion } from '../render/answer-resource';
import { assertIfMatch, notFound, preconditionFailed, taken, tooBusy } from '../render/refusals';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { MAX_ATTEMPTS } from '../users/change-stored-user';
import { loadExistingGroup } from './get-group';
import { refuseUnknownMembers } from './refuse-unknown-members';

/** From here on members are many: to write them takes several milliseconds. */
const MANY_MEMBERS = 50;

/** What a write does to a group. */
export interface GroupWrite {
  /** What its attributes become; null = the write says nothing about them, so that the group need not be loaded. */
  decide: ((current: ScimResource, options: { strict: boolean }) => ScimResource | Promise<ScimResource>) | null;
  /** In order; members are never loaded. */
  steps: readonly MemberStep[];
}

/**
 * Applies a write to the group of the path, all or nothing; returns the version that the group is at. What changes nothing writes
 * nothing.
 * Throws 404, 409 `uniqueness`, 412 with If-Match, 400 for unknown members in strict mode, and what `decide` throws.
 */
export async function changeStoredGroup(
  context: ScimContext,
  call: ScimCall,
  write: GroupWrite,
): Promise<ResourceVersion> {
  const { id } = call;
  if (id === undefined) throw notFound(groupResourceType);
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    // 1. Decide what the attributes become, on the group as it is.
    const { stored, expectedVersion, change } = await decideAttributes(call, write);
    if (stored && !change && write.steps.length === 0) return stored;
    // 2. Save both; the members under the group's lock.
    if (attempt === 1) context.chargeMembers(call.caller.directoryId, countMembers(write.steps));
    const saved = await saveGroup(call, id, { expectedVersion, change, steps: write.steps });
    if (saved.outcome === 'unchanged') return { id, version: saved.version };
    if (saved.outcome === 'ok') {
      context.hintChanges(call.caller);
      if (change) await context.extensions.learn(call.caller.directoryId, change.resource, groupResourceType);
      return { id, version: saved.version };
    }
    if (saved.outcome === 'uniqueness') throw taken(groupResourceType);
    if (saved.outcome === 'missing') throw notFound(groupResourceType);
    if (call.ifMatch !== undefined) throw preconditionFailed(groupResourceType);
  }
  throw tooBusy(groupResourceType);
}

/**
 * Runs a write, and the reading of its answer, when it is the directory's turn, if it may be about many members. What waits for its
 * turn has no memory set aside for its answer.
 */
export function inMemberTurn<T>(
  context: ScimContext,
  { caller }: ScimCall,
  steps: readonly MemberStep[],
  run: () => Promise<T>,
): Promise<T> {
  return isLarge(steps) ? context.inMemberTurn(caller.directoryId, run) : run();
}

/** Those that it names, or those that a group has. */
function isLarge(steps: readonly MemberStep[]): boolean {
  return countMembers(steps) >= MANY_MEMBERS || steps.some(({ kind }) => kind === 'removeAll' || kind === 'replace');
}

/** What it takes to put members in is charged; that they go again was paid with it. */
function countMembers(steps: readonly MemberStep[]): number {
  return steps.reduce((sum, { values }) => sum + values.length, 0);
}

interface Decision {
  /** The group as it is; null = it need not be loaded. */
  stored: StoredResource | null;
  /** Set when the write depends on what was read. */
  expectedVersion: number | null;
  change: GroupRecord | null;
}

async function decideAttributes(call: ScimCall, { decide, steps }: GroupWrite): Promise<Decision> {
  const needsGroup = decide !== null || call.ifMatch !== undefined || steps.length === 0;
  if (!needsGroup) return { stored: null, expectedVersion: null, change: null };
  const { stored, strictMode } = await loadExistingGroup(call, { withReferences: false });
  assertIfMatch(call.ifMatch, stored.version, groupResourceType);
  const current = JSON.parse(stored.resource) as ScimResource;
  const change = decide && changeGroup(current, await decide(current, { strict: strictMode }));
  return {
    stored,
    expectedVersion: change || call.ifMatch !== undefined ? stored.version : null,
    change,
  };
}

async function saveGroup(
  { caller }: ScimCall,
  id: string,
  { expectedVersion, change, steps }: Omit<Decision, 'stored'> & { steps: readonly MemberStep[] },
): Promise<WriteGroupResult> {
  const record = change && { resource: printResource(change.resource), columns: change.columns };
  return refuseUnknownMembers(writeGroup(caller, id, { expectedVersion, record, steps }));
}
