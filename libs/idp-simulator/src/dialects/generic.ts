import { changeCurrent, deleteCurrent, type Target } from './change-current';
import { CORE_GROUP, CORE_USER, type Dialect, ENTERPRISE_USER, type Member, type Send, type Subject } from './dialect';
import { diffRepresentation, type Operation } from './diff-representation';
import { type Application, discoverApplication } from './discover-application';
import { importByCursorOrIndex } from './generic-import';
import { mapProfile, type ProfileStyle } from './map-profile';
import { create, findFirst, literal } from './scim-calls';

type Resource = Record<string, unknown>;

/** Attributes that every resource has; Schemas does not list them (RFC 7643 section 3.1). */
const COMMON = new Set(['id', 'externalid', 'meta', 'schemas']);

/**
 * A client by the book (RFC 7643, RFC 7644, RFC 9865): it asks the application what it is before it sends anything, writes only
 * attributes that Schemas declares writable, looks a resource up by a filter, creates it by POST, changes it by a PATCH with
 * paths and `If-Match`, takes members out by a value path, deletes, and reads lists by cursor where that is offered.
 */
export function generic({ app = 'rollcall' }: { app?: string } = {}): Dialect {
  const style: ProfileStyle = {
    emailType: 'work',
    customSchema: `urn:ietf:params:scim:schemas:extension:${app}:2.0:User`,
    manager: ({ remoteId }) => (remoteId ? { value: remoteId } : undefined),
  };
  const applications = new WeakMap<Send, Application>();
  const known = async (send: Send): Promise<Application> => {
    const application = applications.get(send) ?? (await discoverApplication(send));
    applications.set(send, application);
    return application;
  };
  return {
    name: 'generic',
    title: 'a SCIM 2.0 client by the book',
    headers: (hasBody) => ({
      Accept: 'application/scim+json',
      ...(hasBody ? { 'Content-Type': 'application/scim+json' } : {}),
    }),
    externalId: (person) => person.id,
    testConnection: async (send) => {
      applications.set(send, await discoverApplication(send));
    },
    importAll: async (send) => importByCursorOrIndex(send, await known(send)),
    ...users(known, style),
    ...groups(known),
  };
}

type Known = (send: Send) => Promise<Application>;
type UserCalls = Pick<Dialect, 'assign' | 'updateProfile' | 'setActive' | 'deletePerson'>;
type GroupCalls = Pick<Dialect, 'pushGroup' | 'changeMembers' | 'refillGroup' | 'renameGroup' | 'removeGroup'>;

function users(known: Known, style: ProfileStyle): UserCalls {
  const target = ({ users: endpoint, etag }: Application, id: string): Target => ({ path: `${endpoint}/${id}`, etag });
  return {
    async assign(send, subject) {
      const application = await known(send);
      const { person } = subject;
      const set = { externalId: person.id, active: true };
      const found = await findFirst(send, application.users + filterBy('userName', person.userName));
      if (!found) return create(send, application.users, { ...declared(application, subject, {}, style), ...set });
      await changeCurrent(send, target(application, found.id), (current) =>
        diffRepresentation(current, { ...declared(application, subject, current, style), ...set }),
      );
      return found.id;
    },
    async updateProfile(send, subject, remoteId) {
      const application = await known(send);
      await changeCurrent(send, target(application, remoteId), (current) =>
        diffRepresentation(current, declared(application, subject, current, style)),
      );
    },
    async setActive(send, _subject, remoteId, active) {
      await changeCurrent(send, target(await known(send), remoteId), (current) =>
        diffRepresentation(current, { ...current, active }),
      );
    },
    async deletePerson(send, _subject, remoteId) {
      await deleteCurrent(send, target(await known(send), remoteId));
    },
  };
}

function groups(known: Known): GroupCalls {
  // Members are not needed to change them, and a group may have many.
  const change = async (send: Send, remoteId: string, operations: Operation[]): Promise<void> => {
    const { groups: endpoint, etag } = await known(send);
    const target = { path: `${endpoint}/${remoteId}`, query: '?excludedAttributes=members', etag };
    await changeCurrent(send, target, () => operations);
  };
  return {
    async pushGroup(send, group, members) {
      const { groups: endpoint } = await known(send);
      const found = await findFirst(
        send,
        `${endpoint + filterBy('displayName', group.name)}&excludedAttributes=members`,
      );
      if (!found) {
        const body = { schemas: [CORE_GROUP], displayName: group.name, externalId: group.id };
        return create(send, endpoint, { ...body, members: members.map(renderMember) });
      }
      await change(send, found.id, [{ op: 'replace', path: 'members', value: members.map(renderMember) }]);
      return found.id;
    },
    changeMembers: (send, _group, remoteId, { added, removed }) =>
      change(send, remoteId, [
        ...removed.map(({ remoteId: id }): Operation => ({
          op: 'remove',
          path: `members[value eq ${literal(id)}]`,
        })),
        ...(added.length > 0 ? [{ op: 'add' as const, path: 'members', value: added.map(renderMember) }] : []),
      ]),
    refillGroup: (send, _group, remoteId, members) =>
      change(send, remoteId, [{ op: 'replace', path: 'members', value: members.map(renderMember) }]),
    renameGroup: (send, group, remoteId) =>
      change(send, remoteId, [{ op: 'replace', path: 'displayName', value: group.name }]),
    async removeGroup(send, remoteId) {
      const { groups: endpoint, etag } = await known(send);
      await deleteCurrent(send, { path: `${endpoint}/${remoteId}`, query: '?excludedAttributes=members', etag });
    },
  };
}

/** The profile written over a representation, without what Schemas does not declare as writable. */
function declared(application: Application, subject: Subject, base: Resource, style: ProfileStyle): Resource {
  const mapped = mapProfile(base, subject, style);
  keepManager(mapped, base);
  const kept = Object.entries(mapped).flatMap(([name, value]): [string, unknown][] => {
    if (!name.startsWith('urn:'))
      return name in base || isWritable(application, CORE_USER, name) ? [[name, value]] : [];
    const attributes = Object.entries(value as Resource).filter(
      ([sub]) => sub in ((base[name] ?? {}) as Resource) || isWritable(application, name, sub),
    );
    return attributes.length > 0 ? [[name, Object.fromEntries(attributes)]] : [];
  });
  const body = Object.fromEntries(kept);
  return { ...body, schemas: [CORE_USER, ...Object.keys(body).filter((name) => isExtension(name))] };
}

function isExtension(name: string): boolean {
  return name.startsWith('urn:') && name !== CORE_USER;
}

function isWritable({ writable }: Application, schema: string, name: string): boolean {
  return COMMON.has(name.toLowerCase()) || (writable.get(schema)?.has(name.toLowerCase()) ?? false);
}

/** The application adds `$ref` and `displayName` to the manager: the same id is the same manager. */
function keepManager(mapped: Resource, base: Resource): void {
  const before = (base[ENTERPRISE_USER] as { manager?: Resource } | undefined)?.manager;
  const extension = mapped[ENTERPRISE_USER] as { manager?: Resource } | undefined;
  if (extension && before && extension.manager?.value === before.value) extension.manager = before;
}

function filterBy(attribute: string, value: string): string {
  return `?filter=${encodeURIComponent(`${attribute} eq ${literal(value)}`)}`;
}

function renderMember({ remoteId }: Member): Resource {
  return { value: remoteId };
}
