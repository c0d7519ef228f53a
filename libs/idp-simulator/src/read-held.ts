import type { Dialect } from './dialects/dialect';
import type { Person } from './scenario';
import type { LinkedGroup, LinkedPerson } from './perform-action';

/** What the application should hold after what was sent to it. Sorted by name, so that two of them compare. */
export interface Held {
  users: HeldUser[];
  groups: HeldGroup[];
}

export interface HeldUser {
  /** The application's SCIM id. */
  remoteId: string;
  externalId: string;
  active: boolean;
  /** The profile as last sent. */
  person: Person;
  /** The application's ids of the pushed groups the user belongs to. */
  groups: string[];
}

export interface HeldGroup {
  remoteId: string;
  name: string;
  /** User names of the members. */
  members: string[];
}

/** Reads the state of the application off what the provider has sent. */
export function readHeld(dialect: Dialect, people: Iterable<LinkedPerson>, groups: Iterable<LinkedGroup>): Held {
  const assigned = [...people].filter((linked) => linked.remoteId !== undefined);
  const pushed = [...groups].filter((linked) => linked.remoteId !== undefined);
  const users = assigned.map(({ person, remoteId = '', sent = person, active }) => ({
    remoteId,
    externalId: dialect.externalId(sent),
    active,
    person: sent,
    groups: pushed
      .filter(({ group }) => group.members.includes(person.id))
      .map((linked) => linked.remoteId ?? '')
      .toSorted(),
  }));
  const nameOf = new Map(assigned.map(({ person }) => [person.id, person.userName]));
  const heldGroups = pushed.map(({ group, remoteId = '' }) => ({
    remoteId,
    name: group.name,
    members: group.members.flatMap((id) => nameOf.get(id) ?? []).toSorted(),
  }));
  return {
    users: users.toSorted((a, b) => compare(a.person.userName, b.person.userName)),
    groups: heldGroups.toSorted((a, b) => compare(a.name, b.name)),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
