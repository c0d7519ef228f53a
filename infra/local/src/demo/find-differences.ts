import type { Held, HeldGroup, HeldUser } from '@rollcall/idp-simulator';
import type { GroupData, UserData } from '@rollcall/sdk';

/** What the sample app holds of a directory. */
export interface AppCopy {
  users: readonly UserData[];
  groups: readonly GroupData[];
}

/**
 * Compares the sample app's copy with what the identity provider holds, attribute by attribute, groups and members included.
 * @returns one sentence for each difference; empty when they are equal
 */
export function findDifferences(held: Held, copy: AppCopy): string[] {
  const users = new Map(copy.users.map((user) => [user.id, user]));
  const groups = new Map(copy.groups.map((group) => [group.id, group]));
  return [
    ...held.users.flatMap((user) => compareUser(user, users.get(`diruser_${user.remoteId}`))),
    ...findExtra('user', 'diruser_', held.users, users.keys()),
    ...held.groups.flatMap((group) => compareGroup(group, groups.get(`dirgroup_${group.remoteId}`))),
    ...findExtra('group', 'dirgroup_', held.groups, groups.keys()),
  ];
}

function compareUser(user: HeldUser, data: UserData | undefined): string[] {
  const { person } = user;
  if (!data) return [`user ${person.userName} has not arrived`];
  const expected = {
    dp_id: user.externalId,
    preferred_username: person.userName,
    email: person.email,
    active: user.active,
    name: person.displayName ?? `${person.givenName} ${person.familyName}`,
    given_name: person.givenName,
    family_name: person.familyName,
    title: person.title ?? null,
    department: person.department ?? null,
    cost_center: person.costCenter ?? null,
    employee_id: person.employeeNumber ?? null,
    phone_number: person.workPhone ?? person.mobilePhone ?? null,
    groups: user.groups.map((id) => `dirgroup_${id}`),
  };
  const observed: Record<string, unknown> = { ...data, groups: data.groups.map(({ id }) => id).toSorted() };
  return Object.entries(expected)
    .filter(([key, value]) => JSON.stringify(observed[key]) !== JSON.stringify(value))
    .map(
      ([key, value]) =>
        `user ${person.userName}: ${key} is ${JSON.stringify(observed[key])}, the provider has ${JSON.stringify(value)}`,
    );
}

/** Who is in a group is compared with each user; here, that the group counts them right. */
function compareGroup(group: HeldGroup, data: GroupData | undefined): string[] {
  if (!data) return [`group ${group.name} has not arrived`];
  const problems: string[] = [];
  if (data.display_name !== group.name) problems.push(`group ${group.name} is called ${data.display_name}`);
  if (data.total_users !== group.members.length) {
    problems.push(`group ${group.name} has ${data.total_users} users, the provider ${group.members.length}`);
  }
  return problems;
}

function findExtra(what: string, prefix: string, held: { remoteId: string }[], observed: Iterable<string>): string[] {
  const expected = new Set(held.map(({ remoteId }) => prefix + remoteId));
  return [...observed]
    .filter((id) => !expected.has(id))
    .map((id) => `${what} ${id} is in the app, not at the provider`);
}

/** An event as the server keeps it. */
export interface StoredEvent {
  id: string;
  sequence: number | null;
  body: string;
}

/**
 * Looks for what is missing between the stored events of a directory and those that arrived by webhook.
 * @param stored all events of the directory, in the API's order
 * @param received event id -> body
 * @returns one sentence for each gap, repeat or difference
 */
export function findGaps(stored: readonly StoredEvent[], received: ReadonlyMap<string, string>): string[] {
  const problems = stored.flatMap(({ sequence }, index) =>
    sequence === index + 1 ? [] : [`event ${index + 1} of the directory has the sequence ${sequence}`],
  );
  const missing = stored.filter(({ id }) => !received.has(id));
  if (missing.length > 0)
    problems.push(`${missing.length} events have not arrived: sequence ${listSequences(missing)}`);
  const altered = stored.filter(({ id, body }) => received.has(id) && received.get(id) !== body);
  if (altered.length > 0) {
    problems.push(`${altered.length} events differ between webhook and API: sequence ${listSequences(altered)}`);
  }
  return problems;
}

function listSequences(events: readonly StoredEvent[]): string {
  return events
    .slice(0, 10)
    .map(({ sequence }) => sequence)
    .join(', ');
}
