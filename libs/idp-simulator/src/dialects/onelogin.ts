import type { Person } from '../scenario';
import { CORE_GROUP, type Dialect, type Member, type Send } from './dialect';
import { create, findFirst, literal, patch, put, remove } from './scim-calls';

/** OneLogin's schema URNs are those of drafts, the extension's one is also the name of its container. */
const CORE = 'urn:scim:schemas:core:2.0';
const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:2.0';

/**
 * OneLogin's SCIM connector: plus signs and a trailing `&` in queries, a trailing `?` on PUT, schema URNs of drafts, an e-mail
 * without `primary`, empty objects where there is no value, no User-Agent. Users are replaced, groups patched.
 * Source: recorded traffic.
 */
export function oneLogin(): Dialect {
  const putUser = (send: Send, person: Person, remoteId: string, active: boolean): Promise<void> =>
    put(send, `/Users/${remoteId}?`, { ...renderUser(person), active });
  return {
    name: 'onelogin',
    title: 'OneLogin',
    headers,
    externalId: (person) => person.id,
    testConnection: async (send) => {
      await findFirst(send, userQuery('connection.test@northwind.example'));
    },
    assign: async (send, { person }) => {
      const found = await findFirst(send, userQuery(person.userName));
      if (!found) return create(send, '/Users', { ...renderUser(person), active: true });
      await putUser(send, person, found.id, true);
      return found.id;
    },
    updateProfile: (send, { person }, remoteId) => put(send, `/Users/${remoteId}?`, renderUser(person)),
    setActive: (send, { person }, remoteId, active) =>
      active
        ? putUser(send, person, remoteId, true)
        : patch(send, `/Users/${remoteId}`, [{ op: 'replace', value: { active: false } }]),
    deletePerson: (send, _subject, remoteId) => remove(send, `/Users/${remoteId}`),
    ...groups,
  };
}

const groups: Pick<Dialect, 'pushGroup' | 'changeMembers' | 'refillGroup' | 'renameGroup' | 'removeGroup'> = {
  async pushGroup(send, group, members) {
    const found = await findFirst(send, `/Groups?filter=displayName+eq+${encodeURIComponent(literal(group.name))}&`);
    const remoteId = found?.id ?? (await create(send, '/Groups', { schemas: [CORE_GROUP], displayName: group.name }));
    if (members.length > 0) await patchMembers(send, remoteId, 'add', members);
    return remoteId;
  },
  async changeMembers(send, _group, remoteId, { added, removed }) {
    if (added.length > 0) await patchMembers(send, remoteId, 'add', added);
    for (const { remoteId: id } of removed) {
      await patch(send, `/Groups/${remoteId}`, [{ op: 'remove', path: `members[value eq ${literal(id)}]` }]);
    }
  },
  refillGroup: (send, _group, remoteId, members) => patchMembers(send, remoteId, 'replace', members),
  renameGroup: (send, group, remoteId) =>
    patch(send, `/Groups/${remoteId}`, [{ op: 'replace', path: 'displayName', value: group.name }]),
  removeGroup: (send, remoteId) => remove(send, `/Groups/${remoteId}`),
};

function headers(hasBody: boolean): Record<string, string> {
  return hasBody ? { 'Content-Type': 'application/json' } : {};
}

function userQuery(userName: string): string {
  return `/Users?filter=userName+eq+${encodeURIComponent(literal(userName))}&`;
}

function renderUser(person: Person): Record<string, unknown> {
  return {
    schemas: [CORE, ENTERPRISE],
    userName: person.userName,
    externalId: person.id,
    name: { givenName: person.givenName, familyName: person.familyName },
    displayName: person.displayName ?? `${person.givenName} ${person.familyName}`,
    emails: [{ value: person.email, type: 'work' }],
    phoneNumbers: person.workPhone ? [{ value: person.workPhone, type: 'work' }] : [{}],
    addresses: [{}],
    title: person.title ?? null,
    [ENTERPRISE]: {
      employeeNumber: person.employeeNumber ?? null,
      costCenter: person.costCenter ?? null,
      department: person.department ?? null,
      manager: {},
    },
  };
}

function patchMembers(send: Send, remoteId: string, op: string, members: Member[]): Promise<void> {
  const value = members.map((member) => ({ value: member.remoteId }));
  return patch(send, `/Groups/${remoteId}`, [{ op, path: 'members', value }]);
}
