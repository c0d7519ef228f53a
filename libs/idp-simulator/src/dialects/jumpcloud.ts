import { CORE_GROUP, CORE_USER, type Dialect, type Member, type Send } from './dialect';
import { diffProfile, type PatchForm } from './diff-profile';
import { mapProfile, type ProfileStyle } from './map-profile';
import { create, findFirst, literal, patch, query, remove } from './scim-calls';

const FORM: PatchForm = { capitalised: false, gathered: false, rolesAsText: false };

/**
 * JumpCloud's custom SCIM 2.0 application: activation tries out a test user and a test group, users change by one operation per
 * attribute, members leave by a value list. Source: JumpCloud's help centre; fixtures of a public parser.
 */
export function jumpCloud({ app = 'rollcall' }: { app?: string } = {}): Dialect {
  const style: ProfileStyle = {
    emailType: 'work',
    customSchema: `urn:ietf:params:scim:schemas:extension:${app}:2.0:User`,
    manager: ({ remoteId }) => (remoteId ? { value: remoteId } : undefined),
  };
  return {
    name: 'jumpcloud',
    title: 'JumpCloud',
    headers: (hasBody) => ({ Accept: 'application/json', ...(hasBody ? { 'Content-Type': 'application/json' } : {}) }),
    externalId: (person) => person.id,
    testConnection: activate,
    assign: async (send, subject) => {
      const { person } = subject;
      const found = await findFirst(
        send,
        `/Users?filter=${encodeURIComponent(`userName eq ${literal(person.userName)}`)}`,
      );
      if (!found)
        return create(send, '/Users', { ...mapProfile({}, subject, style), externalId: person.id, active: true });
      const known = { id: person.id, userName: person.userName };
      await patchUser(send, found.id, [...diffProfile(known, subject, style, FORM), activeOperation(true)]);
      return found.id;
    },
    updateProfile: (send, subject, remoteId, before) =>
      patchUser(send, remoteId, diffProfile(before, subject, style, FORM)),
    setActive: (send, _subject, remoteId, active) => patchUser(send, remoteId, [activeOperation(active)]),
    deletePerson: (send, _subject, remoteId) => remove(send, `/Users/${remoteId}`),
    ...groups,
  };
}

const groups: Pick<Dialect, 'pushGroup' | 'changeMembers' | 'refillGroup' | 'renameGroup' | 'removeGroup'> = {
  async pushGroup(send, group, members) {
    const found = await findFirst(
      send,
      `/Groups?filter=${encodeURIComponent(`displayName eq ${literal(group.name)}`)}`,
    );
    const remoteId = found?.id ?? (await create(send, '/Groups', { schemas: [CORE_GROUP], displayName: group.name }));
    await changeMembership(send, remoteId, 'add', members);
    return remoteId;
  },
  async changeMembers(send, _group, remoteId, { added, removed }) {
    await changeMembership(send, remoteId, 'add', added);
    await changeMembership(send, remoteId, 'remove', removed);
  },
  refillGroup: (send, _group, remoteId, members) => changeMembership(send, remoteId, 'add', members),
  renameGroup: (send, group, remoteId) =>
    patch(send, `/Groups/${remoteId}`, [{ op: 'replace', path: 'displayName', value: group.name }]),
  removeGroup: (send, remoteId) => remove(send, `/Groups/${remoteId}`),
};

/** Activation reads both lists, then makes a test user and a test group and deletes them again. */
async function activate(send: Send): Promise<void> {
  await query(send, '/Users?startIndex=1&count=1');
  await query(send, '/Groups?startIndex=1&count=1');
  const userName = 'jumpcloud.test@northwind.example';
  const name = { givenName: 'Test', familyName: 'User' };
  const emails = [{ value: userName, primary: true, type: 'work' }];
  const user = await create(send, '/Users', { schemas: [CORE_USER], userName, name, emails, active: true });
  const group = await create(send, '/Groups', { schemas: [CORE_GROUP], displayName: 'JumpCloud Test Group' });
  await remove(send, `/Groups/${group}`);
  await remove(send, `/Users/${user}`);
}

/** A removal names members in its value, without a filter: only those are meant. */
async function changeMembership(send: Send, remoteId: string, op: 'add' | 'remove', members: Member[]): Promise<void> {
  if (members.length === 0) return;
  const value = members.map((member) => ({ value: member.remoteId }));
  await patch(send, `/Groups/${remoteId}`, [{ op, path: 'members', value }]);
}

async function patchUser(send: Send, remoteId: string, operations: unknown[]): Promise<void> {
  if (operations.length > 0) await patch(send, `/Users/${remoteId}`, operations);
}

function activeOperation(active: boolean): unknown {
  return { op: 'replace', path: 'active', value: active };
}
