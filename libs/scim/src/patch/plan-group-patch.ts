import type { ResolvedFilter } from '../filter/filter';
import { isJsonObject } from '../json';
import type { JsonValue } from '../json';
import { runAtOnce } from '../run-at-once';
import type { ResourceType } from '../schema/schema';
import { ScimError, invalidFilter, invalidPath, invalidValue, mutability } from '../scim-error';
import { assertMemberCount, inSteps, readMembers } from '../value/read-members';
import type { PatchOperation } from './parse-patch-request';
import { parsePatchTarget } from './parse-patch-target';
import type { PatchTarget } from './parse-patch-target';
import { unwrapNamed } from './unwrap-named';

/** A change of a group's membership. `members` are ids, each once, at least one. */
export type MembershipStep = { kind: 'add' | 'remove' | 'replace'; members: string[] } | { kind: 'removeAll' };

export interface GroupPatchPlan {
  /** What is left for `applyPatch`: the operations on everything but members, in their order. */
  attributeOperations: PatchOperation[];
  /** What the operations come to: nothing, one step, or a removal and an addition of different members. */
  membership: MembershipStep[];
  /** What a strict directory refuses the request with; whether it is one is not known while it is planned. */
  strictRefusal: ScimError | undefined;
}

/**
 * Separates what a PATCH of a group does to its members from the rest, without a look at who is a member: it costs
 * what it names, however large the group. Of several operations on one member the last counts.
 *
 * Knows the forms in use: `members` with a value list (on remove too, where it means only these), with null or [] or
 * nothing (all), `members[value eq "…"]`, and `members` as a key of an operation without path, of the core URN, or of the value
 * of an operation whose path is `members` already.
 * @throws ScimError 400 for a member operation that cannot be carried out, 413 for more than 100,000 member values.
 */
export function planGroupPatch(operations: readonly PatchOperation[], resourceType: ResourceType): GroupPatchPlan {
  return runAtOnce(planGroupPatchInSteps(operations, resourceType));
}

/** The same, for a caller that lets others go on between the steps. */
export function* planGroupPatchInSteps(
  operations: readonly PatchOperation[],
  resourceType: ResourceType,
): Generator<void, GroupPatchPlan> {
  const plan: Plan = {
    attributeOperations: [],
    cleared: false,
    changes: new Map(),
    named: 0,
    strictRefusal: undefined,
  };
  for (const operation of operations) {
    yield;
    yield* planOperation(plan, operation, resourceType);
  }
  const { attributeOperations, strictRefusal } = plan;
  return { attributeOperations, membership: toSteps(plan), strictRefusal };
}

/** What the operations so far come to. */
interface Plan {
  attributeOperations: PatchOperation[];
  /** All who were members before the request are removed. */
  cleared: boolean;
  /** What happens to members by id. */
  changes: Map<string, 'add' | 'remove'>;
  /** Member values named so far, repeated ones counted each time. */
  named: number;
  strictRefusal: ScimError | undefined;
}

function toSteps({ cleared, changes }: Plan): MembershipStep[] {
  const added = membersOf(changes, 'add');
  if (cleared) return added.length > 0 ? [{ kind: 'replace', members: added }] : [{ kind: 'removeAll' }];
  const removed = membersOf(changes, 'remove');
  const steps: MembershipStep[] = [
    { kind: 'remove', members: removed },
    { kind: 'add', members: added },
  ];
  return steps.filter((step) => step.kind === 'removeAll' || step.members.length > 0);
}

function membersOf(changes: Plan['changes'], kind: 'add' | 'remove'): string[] {
  const members: string[] = [];
  for (const [member, change] of changes) if (change === kind) members.push(member);
  return members;
}

function* planOperation(plan: Plan, operation: PatchOperation, type: ResourceType): Generator<void> {
  const target = operation.path === undefined ? undefined : parsePatchTarget(type, operation.path);
  if (target === undefined || isCore(target)) {
    const value = yield* takeMembers(plan, operation.op, operation.value, type);
    if (value !== undefined) plan.attributeOperations.push({ ...operation, value });
    else if (operation.value === undefined) plan.attributeOperations.push(operation);
  } else if (!isMembers(target, type)) plan.attributeOperations.push(operation);
  else yield* planMembers(plan, operation.op, target, operation.value);
}

function isCore({ path }: PatchTarget): boolean {
  return path.attribute === null && path.container === null;
}

function isMembers({ path }: PatchTarget, type: ResourceType): boolean {
  return path.definition !== undefined && path.container === null && path.definition.name === type.memberAttribute;
}

/** The value of an operation without path, less its keys about members, which are planned; undefined when that was all. */
function* takeMembers(
  plan: Plan,
  op: PatchOperation['op'],
  value: JsonValue | undefined,
  type: ResourceType,
  outermost = true,
): Generator<void, JsonValue | undefined> {
  const object = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (!isJsonObject(object) || op === 'remove') return value;
  const keys = Object.keys(object);
  const rest: [string, JsonValue][] = [];
  for (const key of keys) {
    yield;
    const held = object[key] ?? null;
    const nested = outermost && type.schemas.get(key.toLowerCase()) === type.core && isJsonObject(held);
    const left = yield* nested ? takeMembers(plan, op, held, type, false) : takeKey(plan, op, key, held, type);
    if (left !== undefined) rest.push([key, left]);
  }
  // Object.fromEntries defines own keys, whatever their names; flattening drops the unsafe ones.
  return rest.length === 0 && keys.length > 0 ? undefined : Object.fromEntries(rest);
}

/** The value of a key that is not about members; a key that is gets planned. */
function* takeKey(
  plan: Plan,
  op: PatchOperation['op'],
  key: string,
  value: JsonValue,
  type: ResourceType,
): Generator<void, JsonValue | undefined> {
  const known = type.paths.get(key.toLowerCase());
  const isPath = key.includes('[') || (key.includes(':') && key.includes('.'));
  const target = known ? { path: known, filter: undefined } : isPath ? parsePatchTarget(type, key) : undefined;
  if (target === undefined || !isMembers(target, type)) return value;
  yield* planMembers(plan, op, target, value);
  return undefined;
}

function* planMembers(
  plan: Plan,
  op: PatchOperation['op'],
  { path, filter }: PatchTarget,
  sent: JsonValue | undefined,
): Generator<void> {
  const label = path.definition?.label ?? 'members';
  const value = unwrapNamed(path, sent, op);
  if (op !== 'remove' && value === undefined) {
    throw invalidValue(`The operation "${op}" on ${label} has no value. Send a list of members.`);
  }
  if (filter !== undefined) return yield* planSelected(plan, op, { path, filter }, value, label);
  if (path.subAttribute !== null) throw partRefused(label, path.subAttribute);
  const listed = value === undefined || value === null ? undefined : yield* readMembers(value, label);
  if (op === 'replace' || (op === 'remove' && listed === undefined)) removeAll(plan);
  if (listed !== undefined) yield* change(plan, op === 'remove' ? 'remove' : 'add', listed);
}

function removeAll(plan: Plan): void {
  plan.cleared = true;
  plan.changes.clear();
}

function* change(plan: Plan, kind: 'add' | 'remove', members: readonly string[]): Generator<void> {
  plan.named += members.length;
  assertMemberCount(plan.named);
  // Of what is named first there is nothing to take back.
  const isFirst = plan.changes.size === 0;
  for (const some of inSteps(members)) {
    if (plan.changes.size > 0) yield;
    changeSome(plan, kind, some, isFirst);
  }
}

function changeSome({ cleared, changes }: Plan, kind: 'add' | 'remove', members: readonly string[], isFirst: boolean) {
  for (const member of members) {
    if (!isFirst) changes.delete(member);
    if (kind === 'add' || !cleared) changes.set(member, kind);
  }
}

function partRefused(label: string, name: string): ScimError {
  return name.toLowerCase() === 'value'
    ? mutability(`${label}.value cannot be changed. Remove the member and add another.`)
    : invalidPath(`${label}.${name} cannot be set by itself. Send the member as {"value": "<id of the user>"}.`);
}

/** An operation on `members[value eq "…"]`. */
function* planSelected(
  plan: Plan,
  op: PatchOperation['op'],
  { path, filter }: PatchTarget & { filter: ResolvedFilter },
  value: JsonValue | undefined,
  label: string,
): Generator<void> {
  const selected = selectedMembers(filter, label);
  const part = path.subAttribute?.toLowerCase();
  // A member without its value is none: RFC 7644 §3.5.2.2 calls for a refusal, others mean that the member goes.
  const losesValue = op === 'remove' || (op === 'replace' && value === null);
  if (part === 'value' && losesValue) plan.strictRefusal ??= partRefused(label, 'value');
  if (op === 'remove' && (part === undefined || part === 'value')) return yield* change(plan, 'remove', selected);
  if (part !== undefined && part !== 'value') return;
  if (value === null) return op === 'replace' ? yield* change(plan, 'remove', selected) : undefined;
  const named = yield* readSelected(value ?? null, part, selected, label);
  const before = new Set(selected);
  const kept = named.every((member) => before.has(member));
  if (op === 'add' && !kept) throw partRefused(label, 'value');
  if (!kept) yield* change(plan, 'remove', selected);
  yield* change(plan, 'add', named);
}

/** The members that the value of an operation on selected members names; one without id means those selected. */
function* readSelected(
  value: JsonValue,
  part: string | undefined,
  selected: string[],
  label: string,
): Generator<void, string[]> {
  if (part === 'value') return yield* readMembers(value, label);
  const single = Array.isArray(value) && value.length === 1 ? (value[0] ?? null) : value;
  const names = isJsonObject(single) && !Object.keys(single).some((key) => key.toLowerCase() === 'value');
  return names ? selected : yield* readMembers(single, label);
}

/**
 * The members that a filter names by id: `value eq "…"`, several joined by `or`, a `type` beside it allowed.
 * @throws ScimError 400 invalidFilter for any other filter, which would need the whole group.
 */
function selectedMembers(filter: ResolvedFilter, label: string): string[] {
  if (filter.kind === 'or') {
    return [...new Set(filter.filters.flatMap((part) => selectedMembers(part, label)))];
  }
  const terms = filter.kind === 'and' ? filter.filters : [filter];
  const value = readEquality(terms, 'value');
  const type = readEquality(terms, 'type');
  if (value === undefined || terms.length !== (type === undefined ? 1 : 2)) {
    throw invalidFilter(
      `Members can only be selected by their id. Use the path ${label}[value eq "<id of the user>"].`,
    );
  }
  return [value];
}

function readEquality(terms: readonly ResolvedFilter[], name: string): string | undefined {
  for (const term of terms) {
    if (term.kind !== 'compare' || term.operator !== 'eq' || term.path.attribute !== name) continue;
    if (typeof term.value === 'string') return term.value;
  }
  return undefined;
}
