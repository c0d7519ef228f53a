import { CORE_GROUP, type Dialect, type Member, type Send } from './dialect';
import { encodeFilter, toGuid } from './entra-encode';
import { create, findFirst, literal, patch, remove } from './scim-calls';

type Groups = Pick<Dialect, 'pushGroup' | 'changeMembers' | 'refillGroup' | 'renameGroup' | 'removeGroup'>;

const ENTRA_GROUP = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';

/** Entra's groups: queried without their members, created empty, then filled by PATCH. */
export function entraGroups(flag: boolean): Groups {
  const add = flag ? 'add' : 'Add';
  const addMembers = async (send: Send, remoteId: string, members: Member[]): Promise<void> => {
    if (members.length > 0)
      await patchGroup(send, remoteId, [{ op: add, path: 'members', value: renderMembers(members) }]);
  };
  return {
    async pushGroup(send, group, members) {
      const path = `/Groups?excludedAttributes=members&filter=${encodeFilter(`displayName eq ${literal(group.name)}`)}`;
      const found = await findFirst(send, path);
      const remoteId = found?.id ?? (await createGroup(send, group));
      await addMembers(send, remoteId, members);
      return remoteId;
    },
    async changeMembers(send, _group, remoteId, { added, removed }) {
      await addMembers(send, remoteId, added);
      if (removed.length > 0) await patchGroup(send, remoteId, removeOperations(removed, flag));
    },
    // A restarted cycle adds every member again; the application is expected to see no change.
    refillGroup: (send, _group, remoteId, members) => addMembers(send, remoteId, members),
    renameGroup: (send, group, remoteId) =>
      patchGroup(send, remoteId, [
        flag
          ? { op: 'replace', value: { displayName: group.name } }
          : { op: 'Replace', path: 'displayName', value: group.name },
      ]),
    removeGroup: (send, remoteId) => remove(send, `/Groups/${remoteId}`),
  };
}

async function createGroup(send: Send, group: { id: string; name: string }): Promise<string> {
  const body = {
    schemas: [CORE_GROUP, ENTRA_GROUP],
    externalId: toGuid(group.id),
    displayName: group.name,
    meta: { resourceType: 'Group' },
  };
  return create(send, '/Groups', body);
}

/** Without the flag the members to remove are a value list, with it one filtered path each. */
function removeOperations(removed: Member[], flag: boolean): unknown[] {
  if (!flag) return [{ op: 'Remove', path: 'members', value: renderMembers(removed) }];
  return removed.map(({ remoteId }) => ({ op: 'remove', path: `members[value eq ${literal(remoteId)}]` }));
}

function patchGroup(send: Send, remoteId: string, operations: unknown[]): Promise<void> {
  return patch(send, `/Groups/${remoteId}`, operations);
}

function renderMembers(members: Member[]): unknown[] {
  return members.map(({ remoteId }) => ({ $ref: null, value: remoteId }));
}
