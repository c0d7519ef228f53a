import type { Person } from '../scenario';
import { CORE_USER, type Dialect, ENTERPRISE_USER, type Send, type Subject } from './dialect';
import { diffProfile, type PatchForm } from './diff-profile';
import { encodeFilter, toGuid } from './entra-encode';
import { entraGroups } from './entra-groups';
import { mapProfile, type ProfileStyle } from './map-profile';
import { create, findFirst, literal, patch, query, remove } from './scim-calls';

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
  const form: PatchForm = { capitalised: !flag, gathered: flag, rolesAsText: !flag };
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
      if (found === null) return createUser(send, subject, style, form);
      const known = { id: subject.person.id, userName: subject.person.userName };
      await patchUser(send, found.id, [
        ...diffProfile(known, subject, style, form),
        ...(found.active ? [] : [activeOperation(true, flag)]),
      ]);
      return found.id;
    },
    updateProfile: async (send, subject, remoteId, before) => {
      await checkManager(send, subject, remoteId);
      await patchUser(send, remoteId, diffProfile(before, subject, style, form));
    },
    setActive: (send, _subject, remoteId, active) => patchUser(send, remoteId, [activeOperation(active, flag)]),
    deletePerson: async (send, { person }, remoteId) => {
      // A soft-deleted user gives its name free; the hard delete follows thirty days later.
      const userName = `${toGuid(person.id).replaceAll('-', '')}${person.userName}`;
      const rename = { op: flag ? 'replace' : 'Replace', path: 'userName', value: userName };
      await patchUser(send, remoteId, [rename, activeOperation(false, flag)]);
      await remove(send, `/Users/${remoteId}`);
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
  const found = await findFirst(send, `/Users?filter=${encodeFilter(`userName eq ${literal(userName)}`)}`);
  return found && { id: found.id, active: found.active !== false };
}

async function createUser(send: Send, subject: Subject, style: ProfileStyle, form: PatchForm): Promise<string> {
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
  const remoteId = await create(send, '/Users', body);
  const roles = diffProfile(person, { person: { ...person, roles: subject.person.roles } }, style, form);
  if (roles.length > 0) await patchUser(send, remoteId, roles);
  return remoteId;
}

/** Entra verifies a reference before it writes it. */
async function checkManager(send: Send, { manager }: Subject, remoteId: string): Promise<void> {
  if (!manager?.remoteId) return;
  const filter = encodeFilter(`id eq ${literal(remoteId)} and manager eq ${literal(manager.remoteId)}`);
  await query(send, `/Users?filter=${filter}&attributes=id`);
}

async function patchUser(send: Send, remoteId: string, operations: unknown[]): Promise<void> {
  if (operations.length > 0) await patch(send, `/Users/${remoteId}`, operations);
}

function activeOperation(active: boolean, flag: boolean): unknown {
  return flag
    ? { op: 'replace', path: 'active', value: active }
    : { op: 'Replace', path: 'active', value: active ? 'True' : 'False' };
}
