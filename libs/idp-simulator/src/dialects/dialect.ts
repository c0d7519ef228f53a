import type { Group, Person } from '../scenario';
import type { ScimAnswer, ScimRequest } from '../send-scim';

export const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Sends one request of a dialect; the dialect's headers and the token are added by the caller, others can be given. */
export type Send = (
  method: ScimRequest['method'],
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<ScimAnswer>;

/** A person as a dialect sees it: with the manager, and the manager's id at the application once there is one. */
export interface Subject {
  person: Person;
  manager?: { person: Person; remoteId?: string };
}

/** A member of a group at the application. */
export interface Member {
  remoteId: string;
  userName: string;
}

export type GroupName = Pick<Group, 'id' | 'name'>;

export interface MembershipChange {
  added: Member[];
  removed: Member[];
  /** All members after the change. */
  members: Member[];
}

/** What an import read back from the application. */
export interface ImportResult {
  scannedUsers: number;
  /** Ids of the users taken over; Okta skips inactive ones. */
  activeUsers: string[];
  groups: number;
}

/** How one identity provider speaks SCIM. Every function sends requests in that provider's order and form. */
export interface Dialect {
  name: string;
  /** For people to read, for example "Okta (app catalogue)". */
  title: string;
  headers(hasBody: boolean): Record<string, string>;
  /** What arrives as externalId. */
  externalId(person: Person): string;
  testConnection(send: Send): Promise<void>;
  /** Creates the person, or links to the one found; answers the application's id. */
  assign(send: Send, subject: Subject): Promise<string>;
  /** `before` is the profile as last sent. */
  updateProfile(send: Send, subject: Subject, remoteId: string, before: Person): Promise<void>;
  setActive(send: Send, subject: Subject, remoteId: string, active: boolean): Promise<void>;
  /** Absent where the provider never sends passwords. */
  setPassword?(send: Send, remoteId: string, password: string): Promise<void>;
  /** Absent where the provider never deletes users. */
  deletePerson?(send: Send, subject: Subject, remoteId: string): Promise<void>;
  pushGroup(send: Send, group: GroupName, members: Member[]): Promise<string>;
  changeMembers(send: Send, group: GroupName, remoteId: string, change: MembershipChange): Promise<void>;
  refillGroup(send: Send, group: GroupName, remoteId: string, members: Member[]): Promise<void>;
  renameGroup(send: Send, group: GroupName, remoteId: string, members: Member[]): Promise<void>;
  removeGroup(send: Send, remoteId: string): Promise<void>;
  /** Absent where the provider never reads users back. */
  importAll?(send: Send): Promise<ImportResult>;
}
