import type {
  Contact,
  ContactInput,
  Directory,
  DirectoryGroup,
  DirectoryProvider,
  DirectorySecretInput,
  DirectoryUser,
  IssuedDirectorySecret,
  ListPage,
  PortalSession,
} from '@rollcall/sdk';
import { tellParent } from '../embedding/parent-page';
import { download } from './download';
import { shownOrganization, showOrganization, switchOrganization } from './page-organization';
import { request } from './request';
import { readSurface } from './surface';

/** What a list is asked for; `pageToken` is a token of an earlier page of the same list and query. */
export interface ListQuery {
  pageSize: number;
  pageToken: string;
  query: string;
  /** Filters and order, as the API calls them; '' is left out. */
  parameters?: Readonly<Record<string, string>>;
}

type UserPage = ListPage & { users: DirectoryUser[] };
export type GroupPage = ListPage & { groups: DirectoryGroup[] };
type MemberPage = ListPage & { members: DirectoryUser[] };

export interface LinkOpening {
  linkToken: string;
  /** Ends a session of another organization. */
  replace?: boolean;
  /** What a mailed link asks for: without it the call fails with `code_required`. */
  code?: string;
}

/**
 * Consumes a portal link. It can be done once; what comes back is the session that the cookie now stands for. A session of
 * another organization is replaced only when told so: else the call fails with `session_of_another_organization`.
 */
export async function openSession(link: LinkOpening): Promise<PortalSession> {
  const { linkToken, replace, code } = link;
  const body = { link_token: linkToken, ...(replace && { replace }), ...(code !== undefined && { code }) };
  const session = await request<PortalSession>('POST', '/session', { body });
  switchOrganization(session.organization.id);
  return session;
}

/** The session of this browser. From the first on, the page is its organization's and gets no other's. */
export async function getSession(signal?: AbortSignal): Promise<PortalSession> {
  const session = await request<PortalSession>('GET', '/session', { signal });
  showOrganization(session.organization.id);
  return session;
}

/** Where the code of a mailed link is on its way to. */
interface SentCode {
  /** Masked. */
  email: string;
  expire_time: string;
  /** When another one may be asked for; null: there is none any more. */
  resend_time: string | null;
}

/** Sends the code that a mailed link asks for; while one is good that was sent before nothing is sent, unless `resend` says so. */
export async function sendCode(link: { linkToken: string; resend?: boolean }): Promise<SentCode> {
  const body = { link_token: link.linkToken, ...(link.resend && { resend: true }) };
  const { code } = await request<{ code: SentCode }>('POST', '/session/code', { body });
  return code;
}

/** Whom the page may talk to when it is shown in a frame: the origins that the owner of an environment allows. */
export async function getAllowedOrigins(environment: string): Promise<string[]> {
  const { allowed_origins } = await request<{ allowed_origins: string[] }>('GET', '/embedding', {
    query: { environment },
  });
  return allowed_origins;
}

/** Ends the mails to the IT contact whom a token is for. */
export async function unsubscribe(token: string): Promise<{ email: string }> {
  const { contact } = await request<{ contact: { email: string } }>('POST', '/unsubscribe', { body: { token } });
  return contact;
}

export async function listContacts(signal?: AbortSignal): Promise<Contact[]> {
  const { contacts } = await request<{ contacts: Contact[] }>('GET', '/contacts', { signal });
  return contacts;
}

export async function createContact(contact: ContactInput): Promise<Contact> {
  const created = await request<{ contact: Contact }>('POST', '/contacts', { body: { ...contact } });
  return created.contact;
}

export async function updateContact(contactId: string, contact: ContactInput): Promise<Contact> {
  const path = `/contacts/${encodeURIComponent(contactId)}`;
  return (await request<{ contact: Contact }>('PATCH', path, { body: { ...contact } })).contact;
}

export function deleteContact(contactId: string): Promise<void> {
  return request('DELETE', `/contacts/${encodeURIComponent(contactId)}`);
}

export function endSession(): Promise<void> {
  return request('DELETE', '/session');
}

export async function listDirectories(signal?: AbortSignal): Promise<Directory[]> {
  const { directories } = await request<{ directories: Directory[] }>('GET', '/directories', { signal });
  return directories;
}

export async function getDirectory(directoryId: string, signal?: AbortSignal): Promise<Directory> {
  const { directory } = await request<{ directory: Directory }>('GET', directoryPath(directoryId), { signal });
  return directory;
}

/**
 * Makes a directory. While the organization has one of the same provider it does so only for `another`: else the call fails with
 * `directory_exists`, so that a second press, or a second try after an answer that was lost, makes nothing.
 */
export async function createDirectory(provider: DirectoryProvider, another: boolean): Promise<Directory> {
  const directory = { directory_type: 'SCIM', directory_provider: provider };
  const body = { directory, ...(another && { another }) };
  const created = await request<{ directory: Directory }>('POST', '/directories', { body });
  tellOfDirectory('ORGANIZATION_DIRECTORY_ENABLED', created.directory.id);
  return created.directory;
}

export async function renameDirectory(directoryId: string, name: string): Promise<Directory> {
  const body = { directory: { name } };
  const { directory } = await request<{ directory: Directory }>('PATCH', directoryPath(directoryId), { body });
  return directory;
}

export async function setDirectoryEnabled(directoryId: string, enabled: boolean): Promise<{ enabled: boolean }> {
  const done = await request<{ enabled: boolean }>(
    'PATCH',
    `${directoryPath(directoryId)}:${enabled ? 'enable' : 'disable'}`,
  );
  tellOfDirectory(enabled ? 'ORGANIZATION_DIRECTORY_ENABLED' : 'ORGANIZATION_DIRECTORY_DISABLED', directoryId);
  return done;
}

export async function deleteDirectory(directoryId: string): Promise<void> {
  await request('DELETE', directoryPath(directoryId));
  tellOfDirectory('ORGANIZATION_DIRECTORY_DISABLED', directoryId);
}

/** What the admin has done, for the page that shows the portal in a frame. */
function tellOfDirectory(
  type: 'ORGANIZATION_DIRECTORY_ENABLED' | 'ORGANIZATION_DIRECTORY_DISABLED',
  directoryId: string,
): void {
  tellParent({ type, organization_id: shownOrganization() ?? '', directory_id: directoryId });
}

/** Issues one more bearer token beside those that exist. */
export function createSecret(directoryId: string, secret: DirectorySecretInput = {}): Promise<IssuedDirectorySecret> {
  return request('POST', `${directoryPath(directoryId)}/secrets`, { body: { ...secret } });
}

/** Issues a bearer token in place of the one that is named, which goes on working for `overlap_seconds`. */
export function regenerateSecret(
  directoryId: string,
  secret: DirectorySecretInput & { secret_id: string; overlap_seconds: number; retire_when_seen?: boolean },
): Promise<IssuedDirectorySecret> {
  return request('POST', `${directoryPath(directoryId)}/secrets:regenerate`, { body: { ...secret } });
}

export function revokeSecret(directoryId: string, secretId: string): Promise<void> {
  return request('DELETE', `${directoryPath(directoryId)}/secrets/${encodeURIComponent(secretId)}`);
}

export function listUsers(directoryId: string, list: ListQuery, signal?: AbortSignal): Promise<UserPage> {
  return request('GET', `${directoryPath(directoryId)}/users`, { query: toQuery(list), signal });
}

/** The users of a list as a file of comma-separated values. */
export function exportUsers(
  directoryId: string,
  { query, parameters }: Pick<ListQuery, 'query' | 'parameters'>,
): Promise<Blob> {
  return download(readSurface().urlOf(`${directoryPath(directoryId)}/users.csv`), {
    query: { search: query, ...parameters },
    accept: 'text/csv',
  });
}

/** One user with `raw_attributes`. */
export async function getUser(directoryId: string, userId: string, signal?: AbortSignal): Promise<DirectoryUser> {
  const path = `${directoryPath(directoryId)}/users/${encodeURIComponent(userId)}`;
  const { user } = await request<{ user: DirectoryUser }>('GET', path, { query: { include_detail: true }, signal });
  return user;
}

export function listGroups(directoryId: string, list: ListQuery, signal?: AbortSignal): Promise<GroupPage> {
  return request('GET', `${directoryPath(directoryId)}/groups`, { query: toQuery(list), signal });
}

export async function getGroup(directoryId: string, groupId: string, signal?: AbortSignal): Promise<DirectoryGroup> {
  const path = `${directoryPath(directoryId)}/groups/${encodeURIComponent(groupId)}`;
  const { group } = await request<{ group: DirectoryGroup }>('GET', path, { query: { include_detail: true }, signal });
  return group;
}

export function listMembers(
  directoryId: string,
  groupId: string,
  list: ListQuery,
  signal?: AbortSignal,
): Promise<MemberPage> {
  const path = `${directoryPath(directoryId)}/groups/${encodeURIComponent(groupId)}/members`;
  return request('GET', path, { query: toQuery(list), signal });
}

/** Where a directory is in the portal's API. */
export function directoryPath(directoryId: string): string {
  return `/directories/${encodeURIComponent(directoryId)}`;
}

function toQuery({ pageSize, pageToken, query, parameters }: ListQuery) {
  return { ...parameters, page_size: pageSize, page_token: pageToken, search: query };
}
