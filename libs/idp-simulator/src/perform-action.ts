import type { Dialect, ImportResult, Member, Send, Subject } from './dialects/dialect';
import type { Action, Group, Person } from './scenario';

/** A person of the provider and what the application knows of it. */
export interface LinkedPerson {
  person: Person;
  /** The application's id, once assigned. */
  remoteId?: string;
  /** The profile as last sent. */
  sent?: Person;
  active: boolean;
}

/** A group of the provider and the application's id, once pushed. */
export interface LinkedGroup {
  group: Group;
  remoteId?: string;
}

export interface ProviderState {
  dialect: Dialect;
  send: Send;
  people: Map<string, LinkedPerson>;
  groups: Map<string, LinkedGroup>;
  lastImport: ImportResult | undefined;
}

type ActionOf<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>;
type Handlers = { [Kind in Action['kind']]: (state: ProviderState, action: ActionOf<Kind>) => Promise<void> };

/**
 * Sends an action's requests in the provider's dialect; the state changes only with what the application took.
 * @throws ProvisioningError when the application refuses, Error when the scenario or the provider does not have such an action
 */
export function performAction<Kind extends Action['kind']>(
  state: ProviderState,
  action: ActionOf<Kind>,
): Promise<void> {
  return HANDLERS[action.kind](state, action);
}

const HANDLERS: Handlers = {
  'test-connection': ({ dialect, send }) => dialect.testConnection(send),
  import: importAll,
  assign,
  'change-profile': changeProfile,
  'set-password': setPassword,
  deactivate: (state, { person }) => setActive(state, person, false),
  reactivate: (state, { person }) => setActive(state, person, true),
  // To the application, taking the assignment away and deactivating the person look the same.
  unassign: (state, { person }) => setActive(state, person, false),
  'delete-person': deletePerson,
  'push-group': pushGroup,
  'change-members': changeMembers,
  'refill-group': refillGroup,
  'rename-group': renameGroup,
  'remove-group': removeGroup,
};

async function importAll(state: ProviderState): Promise<void> {
  if (!state.dialect.importAll) throw unsupported(state.dialect, 'reads users back');
  state.lastImport = await state.dialect.importAll(state.send);
}

/** Creates or links the person; groups already pushed then get the new member. */
async function assign(state: ProviderState, action: ActionOf<'assign'>): Promise<void> {
  const linked = requirePerson(state, action.person);
  linked.remoteId = await state.dialect.assign(state.send, subjectOf(state, linked.person));
  linked.sent = linked.person;
  linked.active = true;
  const added = membersOf(state, [action.person]);
  for (const { group, remoteId } of state.groups.values()) {
    if (!remoteId || !group.members.includes(action.person)) continue;
    const members = membersOf(state, group.members);
    await state.dialect.changeMembers(state.send, group, remoteId, { added, removed: [], members });
  }
}

async function changeProfile(state: ProviderState, action: ActionOf<'change-profile'>): Promise<void> {
  const linked = requireAssigned(state, action.person);
  linked.person = { ...linked.person, ...action.set };
  const before = linked.sent ?? linked.person;
  await state.dialect.updateProfile(state.send, subjectOf(state, linked.person), linked.remoteId, before);
  linked.sent = linked.person;
}

async function setPassword(state: ProviderState, { person, password }: ActionOf<'set-password'>): Promise<void> {
  if (!state.dialect.setPassword) throw unsupported(state.dialect, 'sends passwords');
  await state.dialect.setPassword(state.send, requireAssigned(state, person).remoteId, password);
}

async function setActive(state: ProviderState, id: string, active: boolean): Promise<void> {
  const linked = requireAssigned(state, id);
  await state.dialect.setActive(state.send, subjectOf(state, linked.person), linked.remoteId, active);
  linked.active = active;
}

async function deletePerson(state: ProviderState, { person }: ActionOf<'delete-person'>): Promise<void> {
  if (!state.dialect.deletePerson) throw unsupported(state.dialect, 'deletes users');
  const linked = requireAssigned(state, person);
  await state.dialect.deletePerson(state.send, subjectOf(state, linked.person), linked.remoteId);
  state.people.delete(person);
  for (const { group } of state.groups.values()) group.members = group.members.filter((id) => id !== person);
}

async function pushGroup(state: ProviderState, action: ActionOf<'push-group'>): Promise<void> {
  const linked = requireGroup(state, action.group);
  linked.remoteId = await state.dialect.pushGroup(state.send, linked.group, membersOf(state, linked.group.members));
}

async function changeMembers(state: ProviderState, action: ActionOf<'change-members'>): Promise<void> {
  const { group, remoteId } = requirePushed(state, action.group);
  const kept = group.members.filter((id) => !action.remove.includes(id));
  const next = [...new Set([...kept, ...action.add])];
  await state.dialect.changeMembers(state.send, group, remoteId, {
    added: membersOf(state, action.add),
    removed: membersOf(state, action.remove),
    members: membersOf(state, next),
  });
  group.members = next;
}

async function refillGroup(state: ProviderState, action: ActionOf<'refill-group'>): Promise<void> {
  const { group, remoteId } = requirePushed(state, action.group);
  await state.dialect.refillGroup(state.send, group, remoteId, membersOf(state, group.members));
}

async function renameGroup(state: ProviderState, { group: id, name }: ActionOf<'rename-group'>): Promise<void> {
  const { group, remoteId } = requirePushed(state, id);
  await state.dialect.renameGroup(state.send, { id, name }, remoteId, membersOf(state, group.members));
  group.name = name;
}

async function removeGroup(state: ProviderState, action: ActionOf<'remove-group'>): Promise<void> {
  await state.dialect.removeGroup(state.send, requirePushed(state, action.group).remoteId);
  state.groups.delete(action.group);
}

function subjectOf(state: ProviderState, person: Person): Subject {
  const manager = person.managerId ? state.people.get(person.managerId) : undefined;
  return manager ? { person, manager: { person: manager.person, remoteId: manager.remoteId } } : { person };
}

/** Only people who are assigned can be members at the application. */
function membersOf(state: ProviderState, ids: string[]): Member[] {
  return ids.flatMap((id) => {
    const linked = state.people.get(id);
    return linked?.remoteId ? [{ remoteId: linked.remoteId, userName: linked.person.userName }] : [];
  });
}

function requirePerson(state: ProviderState, id: string): LinkedPerson {
  const linked = state.people.get(id);
  if (!linked) throw new Error(`The scenario has no person ${id}: add the person to "people".`);
  return linked;
}

function requireAssigned(state: ProviderState, id: string): LinkedPerson & { remoteId: string } {
  const linked = requirePerson(state, id);
  if (!linked.remoteId) throw new Error(`${id} is not assigned to the application: assign the person first.`);
  return linked as LinkedPerson & { remoteId: string };
}

function requireGroup(state: ProviderState, id: string): LinkedGroup {
  const linked = state.groups.get(id);
  if (!linked) throw new Error(`The scenario has no group ${id}: add the group to "groups".`);
  return linked;
}

function requirePushed(state: ProviderState, id: string): LinkedGroup & { remoteId: string } {
  const linked = requireGroup(state, id);
  if (!linked.remoteId) throw new Error(`Group ${id} is not pushed: push it first.`);
  return linked as LinkedGroup & { remoteId: string };
}

function unsupported(dialect: Dialect, what: string): Error {
  return new Error(`${dialect.title} never ${what}: leave the action out for this provider.`);
}
