import type { Person } from '../scenario';
import {
  CORE_USER,
  type Dialect,
  ENTERPRISE_USER,
  literal,
  PATCH_OP,
  readId,
  readList,
  requireFound,
  type Send,
  type Subject,
} from './dialect';
import { diffProfile } from './entra-diff';
import { encodeFilter, toGuid } from './entra-encode';
import { entraGroups } from './entra-groups';
import { mapProfile, type ProfileStyle } from './map-profile';

/**
 * Microsoft Entra ID. `flag` stands for `?aadOptscim062020` on the tenant URL, which turns capitalised operations, string
 * booleans and value lists on remove into the RFC's forms. Source: entra-docs, use-scim-to-provision-users-and-groups and
 * application-provisioning-config-problem-scim-compatibility.
 */
export function entra({ flag = false, app = 'rollcall' }: { flag?: boolean; app?: string } = {}): Dialect {
  const style: ProfileStyle = {
    emailType: 'work',
    customSchema: `urn:ietf:params:scim:schemas:extension:${app}:2.0:User`,
    manager: ({ remoteId }) => remoteId,
  };
  return {
    name: flag ? 'entra-flag' : 'entra',
    title: `Microsoft Entra ID${flag ? ' (aadOptscim062020)' : ''}`,
    headers,
    externalId,
    testConnection: async (send) => {
      await findUser(send, toGuid('test connection'));
    },
    assign: async (send, subject) => {
      const found = await findUser(send, subject.person.userName);
      if (found === null) return createUser(send, subject, style, flag);
      const known = { id: subject.person.id, userName: subject.person.userName };
      await patchUser(send, found.id, [
        ...diffProfile(known, subject, style, flag),
        ...(found.active ? [] : [activeOperation(true, flag)]),
      ]);
      return found.id;
    },
    updateProfile: async (send, subject, remoteId, before) => {
      await checkManager(send, subject, remoteId);
      await patchUser(send, remoteId, diffProfile(before, subject, style, flag));
    },
    setActive: (send, _subject, remoteId, active) => patchUser(send, remoteId, [activeOperation(active, flag)]),
    deletePerson: async (send, { person }, remoteId) => {
      // A soft-deleted user gives its name free; the hard delete follows thirty days later.
      const userName = `${toGuid(person.id).replaceAll('-', '')}${person.userName}`;
      const rename = { op: flag ? 'replace' : 'Replace', path: 'userName', value: userName };
      await patchUser(send, remoteId, [rename, activeOperation(false, flag)]);
      const path = `/Users/${remoteId}`;
      requireFound('DELETE', path, await send('DELETE', path));
    },
    ...entraGroups(flag),
  };
}

function headers(hasBody: boolean): Record<string, string> {
  return {
    Accept: 'application/scim+json',
    ...(hasBody ? { 'Content-Type': 'application/scim+json; charset=utf-8' } : {}),
  };
}

/** The mailNickname, Entra's default mapping. */
function externalId(person: Person): string {
  return person.userName.split('@')[0] ?? person.userName;
}

async function findUser(send: Send, userName: string): Promise<{ id: string; active: boolean } | null> {
  const path = `/Users?filter=${encodeFilter(`userName eq ${literal(userName)}`)}`;
  const { total, resources } = readList(path, await send('GET', path));
  return total === 0 ? null : { id: String(resources[0]?.id), active: resources[0]?.active !== false };
}

async function createUser(send: Send, subject: Subject, style: ProfileStyle, flag: boolean): Promise<string> {
  const { roles: _roles, ...person } = subject.person;
  const profile = mapProfile({}, { ...subject, person }, style);
  const body = {
    ...profile,
    schemas: [CORE_USER, ENTERPRISE_USER],
    externalId: externalId(subject.person),
    active: true,
    name: { ...(profile.name as object), formatted: `${person.givenName} ${person.familyName}` },
    meta: { resourceType: 'User' },
    roles: [],
  };
  const remoteId = readId('user', '/Users', await send('POST', '/Users', body));
  const roles = diffProfile(person, { person: { ...person, roles: subject.person.roles } }, style, flag);
  if (roles.length > 0) await patchUser(send, remoteId, roles);
  return remoteId;
}

/** Entra verifies a reference before it writes it. */
async function checkManager(send: Send, { manager }: Subject, remoteId: string): Promise<void> {
  if (!manager?.remoteId) return;
  const filter = encodeFilter(`id eq ${literal(remoteId)} and manager eq ${literal(manager.remoteId)}`);
  const path = `/Users?filter=${filter}&attributes=id`;
  readList(path, await send('GET', path));
}

async function patchUser(send: Send, remoteId: string, operations: unknown[]): Promise<void> {
  if (operations.length === 0) return;
  const path = `/Users/${remoteId}`;
  requireFound('PATCH', path, await send('PATCH', path, { schemas: [PATCH_OP], Operations: operations }));
}

function activeOperation(active: boolean, flag: boolean): unknown {
  return flag
    ? { op: 'replace', path: 'active', value: active }
    : { op: 'Replace', path: 'active', value: active ? 'True' : 'False' };
}
