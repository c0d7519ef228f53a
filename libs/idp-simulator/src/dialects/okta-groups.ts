import { CORE_GROUP, type Dialect, type Member, type Send } from './dialect';
import { create, fetchResource, findFirst, literal, patch, put, remove } from './scim-calls';

type Groups = Pick<Dialect, 'pushGroup' | 'changeMembers' | 'refillGroup' | 'renameGroup' | 'removeGroup'>;

/** Group Push of app-catalogue applications: look up, POST without members, then PATCH. */
export const catalogueGroups: Groups = {
  async pushGroup(send, group, members) {
    const found = await findGroup(send, group.name);
    const remoteId = found ?? (await createGroup(send, { displayName: group.name, members: [] }));
    if (found !== null) await fullPush(send, remoteId, group.name, members);
    else if (members.length > 0)
      await patchGroup(send, remoteId, [{ op: 'add', path: 'members', value: renderMembers(members) }]);
    return remoteId;
  },
  async changeMembers(send, group, remoteId, { added, removed }) {
    const operations = [
      ...removed.map(({ remoteId: id }) => ({ op: 'remove', path: `members[value eq ${literal(id)}]` })),
      ...(added.length > 0 ? [{ op: 'add', path: 'members', value: renderMembers(added) }] : []),
    ];
    await patchGroup(send, remoteId, operations);
    // Each membership update is followed by the group's name.
    await patchGroup(send, remoteId, [renameOperation(remoteId, group.name)]);
  },
  refillGroup: (send, group, remoteId, members) => fullPush(send, remoteId, group.name, members),
  renameGroup: (send, group, remoteId) => patchGroup(send, remoteId, [renameOperation(remoteId, group.name)]),
  removeGroup,
};

/** Group Push of custom applications: look up, POST with all members, then GET and PUT of the whole group. */
export const customGroups: Groups = {
  async pushGroup(send, group, members) {
    const found = await findGroup(send, group.name);
    if (found === null) return createGroup(send, { displayName: group.name, members: renderMembers(members) });
    await putGroup(send, found, group.name, members);
    return found;
  },
  changeMembers: (send, group, remoteId, { members }) => putGroup(send, remoteId, group.name, members),
  refillGroup: (send, group, remoteId, members) => putGroup(send, remoteId, group.name, members),
  renameGroup: (send, group, remoteId, members) => putGroup(send, remoteId, group.name, members),
  removeGroup,
};

async function findGroup(send: Send, name: string): Promise<string | null> {
  const found = await findFirst(
    send,
    `/Groups?filter=${encodeURIComponent(`displayName eq ${literal(name)}`)}&startIndex=1&count=100`,
  );
  return found?.id ?? null;
}

async function createGroup(send: Send, body: { displayName: string; members: unknown[] }): Promise<string> {
  return create(send, '/Groups', { schemas: [CORE_GROUP], ...body });
}

/** "Push now": the whole membership at once; an empty group goes as one object without a path. */
async function fullPush(send: Send, remoteId: string, name: string, members: Member[]): Promise<void> {
  if (members.length === 0) {
    await patchGroup(send, remoteId, [{ op: 'replace', value: { members: [], id: remoteId, displayName: name } }]);
    return;
  }
  await patchGroup(send, remoteId, [{ op: 'replace', path: 'members', value: renderMembers(members) }]);
  await patchGroup(send, remoteId, [renameOperation(remoteId, name)]);
}

async function putGroup(send: Send, remoteId: string, name: string, members: Member[]): Promise<void> {
  const path = `/Groups/${remoteId}`;
  await fetchResource(send, path);
  const body = { schemas: [CORE_GROUP], id: remoteId, displayName: name, members: renderMembers(members) };
  await put(send, path, body);
}

function patchGroup(send: Send, remoteId: string, operations: unknown[]): Promise<void> {
  return patch(send, `/Groups/${remoteId}`, operations);
}

/** "Unlink and delete the group in the target app". */
function removeGroup(send: Send, remoteId: string): Promise<void> {
  return remove(send, `/Groups/${remoteId}`);
}

function renameOperation(remoteId: string, name: string): unknown {
  return { op: 'replace', value: { id: remoteId, displayName: name } };
}

function renderMembers(members: Member[]): unknown[] {
  return members.map(({ remoteId, userName }) => ({ value: remoteId, display: userName }));
}
