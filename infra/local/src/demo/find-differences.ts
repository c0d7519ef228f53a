import type { Held, HeldGroup, HeldUser } from '@rollcall/idp-simulator';
import type { AppState } from './apply-event';

/**
 * Compares the sample app's copy with what the identity provider holds, attribute by attribute, groups and members included.
 * @returns one sentence for each difference; empty when they are equal
 */
export function findDifferences(held: Held, state: AppState): string[] {
  return [
    ...held.users.flatMap((user) => compareUser(user, state.users.get(`diruser_${user.remoteId}`))),
    ...findExtra('user', held.users, 'diruser_', state.users.keys()),
    ...held.groups.flatMap((group) => compareGroup(group, held.users, state.groups.get(`dirgroup_${group.remoteId}`))),
    ...findExtra('group', held.groups, 'dirgroup_', state.groups.keys()),
  ];
}

function compareUser(user: HeldUser, data: Record<string, unknown> | undefined): string[] {
  const { person } = user;
  if (!data) return [`user ${person.userName} has not arrived`];
  const expected: Record<string, unknown> = {
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
  const observed: Record<string, unknown> = {
    ...data,
    groups: (data.groups as { id: string }[]).map(({ id }) => id).toSorted(),
  };
  return Object.entries(expected)
    .filter(([key, value]) => JSON.stringify(observed[key]) !== JSON.stringify(value))
    .map(
      ([key, value]) =>
        `user ${person.userName}: ${key} is ${JSON.stringify(observed[key])}, the provider has ${JSON.stringify(value)}`,
    );
}

function compareGroup(
  group: HeldGroup,
  users: HeldUser[],
  observed: { data: Record<string, unknown>; members: Set<string> } | undefined,
): string[] {
  if (!observed) return [`group ${group.name} has not arrived`];
  const problems: string[] = [];
  if (observed.data.display_name !== group.name)
    problems.push(`group ${group.name} is called ${String(observed.data.display_name)}`);
  const byName = new Map(users.map((user) => [user.person.userName, `diruser_${user.remoteId}`]));
  const expected = new Set(group.members.map((name) => byName.get(name) ?? name));
  const missing = [...expected].filter((id) => !observed.members.has(id)).length;
  const extra = [...observed.members].filter((id) => !expected.has(id)).length;
  if (missing + extra > 0) problems.push(`group ${group.name}: ${missing} members are missing, ${extra} too many`);
  return problems;
}

function findExtra(what: string, held: { remoteId: string }[], prefix: string, observed: Iterable<string>): string[] {
  const expected = new Set(held.map(({ remoteId }) => prefix + remoteId));
  return [...observed]
    .filter((id) => !expected.has(id))
    .map((id) => `${what} ${id} is in the app, not at the provider`);
}

/**
 * Looks for what is missing between the stored events of a directory and those that arrived by webhook.
 * @param stored all events of the directory in the API's order, as text
 * @returns one sentence for each gap, repeat or difference
 */
export function findGaps(
  stored: { id: string; sequence: number; body: string }[],
  received: ReadonlyMap<string, { body: string }>,
): string[] {
  const problems = stored.flatMap(({ sequence }, index) =>
    sequence === index + 1 ? [] : [`event ${index + 1} of the directory has the sequence ${sequence}`],
  );
  const missing = stored.filter(({ id }) => !received.has(id)).map(({ sequence }) => sequence);
  if (missing.length > 0)
    problems.push(`${missing.length} events have not arrived: sequence ${missing.slice(0, 10).join(', ')}`);
  const altered = stored.filter(({ id, body }) => received.has(id) && received.get(id)?.body !== body);
  if (altered.length > 0)
    problems.push(
      `${altered.length} events differ between webhook and API: sequence ${altered
        .map(({ sequence }) => sequence)
        .slice(0, 10)
        .join(', ')}`,
    );
  return problems;
}
