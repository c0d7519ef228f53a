import type { DirectoryStatus, GroupData, HoldAction, UserData } from '@rollcall/contract';
import type { DeprovisionGuard } from './deprovision-guard';
import type { Deprovisioning, WindowWrites } from './deprovision-window';

/** A SCIM resource as it is stored: attribute names in schema case, without id, meta, groups, members and password. */
export type CanonicalResource = Readonly<Record<string, unknown>>;

/** What a directory's lifecycle event tells about it. */
export interface DirectoryFacts {
  name: string;
  directoryType: string;
  directoryProvider: string;
  enabled: boolean;
  status: DirectoryStatus;
  updatedAt: Date;
  /** Absent: it was imported from nowhere. */
  externalIds?: Record<string, string>;
}

export type DirectoryLifecycle = 'created' | 'enabled' | 'disabled' | 'deleted';

interface ChangeBase {
  /** The change row's id; ids ascend in the order in which changes of one resource were applied. */
  id: string;
  occurredAt: Date;
  /** The bare id of the SCIM request that made it; null or absent = no request did. */
  requestId?: string | null;
}

/** A user after it was created or changed: which of the two is told by what has been published. */
export interface UserWritten extends ChangeBase {
  kind: 'user_written';
  resourceId: string;
  resource: CanonicalResource;
  /** Of one that is being imported: its ids at other services. */
  externalIds?: Record<string, string>;
}

export interface UserDeleted extends ChangeBase {
  kind: 'user_deleted';
  resourceId: string;
}

/** A group after it was created or changed, members left out. */
export interface GroupWritten extends ChangeBase {
  kind: 'group_written';
  resourceId: string;
  resource: CanonicalResource;
  /** As with a user. */
  externalIds?: Record<string, string>;
}

/** Who joined and left a group, as ids; 500 in all at most, so that the event it gives stays within its limit. */
export interface MembersChanged extends ChangeBase {
  kind: 'members_changed';
  resourceId: string;
  added: readonly string[];
  removed: readonly string[];
}

export interface GroupDeleted extends ChangeBase {
  kind: 'group_deleted';
  resourceId: string;
}

export interface DirectoryWritten extends ChangeBase {
  kind: 'directory_written';
  lifecycle: DirectoryLifecycle;
  directory: DirectoryFacts;
}

/** The roles or attribute names of the directory's users are decided by other rules now: those of the batch's context. */
export interface RulesChanged extends ChangeBase {
  kind: 'rules_changed';
}

/** The owner decided about the users of one hold. */
export interface DeprovisioningDecided extends ChangeBase {
  kind: 'deprovisioning_decided';
  action: HoldAction;
  holdId: string;
}

/** Changes that the app owner makes: they are no sync. */
export const KINDS_OF_OWNERS: readonly Change['kind'][] = [
  'directory_written',
  'rules_changed',
  'deprovisioning_decided',
];

/** How long a change that could not be normalized is set aside before it is tried again. */
export const SET_ASIDE_MS = 10 * 60_000;

/** One row of the outbox. All ids are bare. */
export type Change =
  | UserWritten
  | UserDeleted
  | GroupWritten
  | MembersChanged
  | GroupDeleted
  | DirectoryWritten
  | RulesChanged
  | DeprovisioningDecided;

/** An object as it was last published, whole, and the number of the event that published it. */
export interface Published<Data> {
  data: Data;
  sequence: number;
}

/** The next published memberships of a group that is being deleted. */
export interface MemberSlice {
  userIds: readonly string[];
  /** Whether the group has members beyond these. */
  more: boolean;
}

/** The next published users, in order of id, of a pass over all of them; empty when the pass was superseded by a later one. */
export interface UserSlice {
  userIds: readonly string[];
  /** Whether there are users beyond these. */
  more: boolean;
}

/** A published user whose deprovisioning is held, or was discarded and is still unlike what the provider wrote. */
export interface HeldUser {
  /** The hold that the user waits in; null after its deprovisioning was discarded. */
  holdId: string | null;
  /** The user as last written, null for deleted. */
  resource: CanonicalResource | null;
  heldTime: Date;
  /** Memberships that changed meanwhile, by group id: whether the user is a member now. */
  memberships: ReadonlyMap<string, boolean>;
}

/** Held users by what becomes of them: in the open hold, decided about and not passed yet, discarded. */
export interface HeldCounts {
  held: number;
  deciding: number;
  discarded: number;
}

/** The hold that new deprovisionings join; its id is that of the change that began it. */
export interface OpenHold {
  id: string;
  since: Date;
}

/** What the guard of a directory knows when a batch begins. */
export interface DeprovisioningState {
  /** null: switched off. */
  guard: DeprovisionGuard | null;
  /** Users of the directory. */
  totalUsers: number;
  hold: OpenHold | null;
  counts: HeldCounts;
  /** What the window holds, by time; may be left out where `endsAccess` is false of every change. */
  window: readonly Deprovisioning[];
  /** The held ones among the users that the batch touches. */
  held: ReadonlyMap<string, HeldUser>;
  /** By change id, for each `deprovisioning_decided` of the batch. */
  slices: ReadonlyMap<string, UserSlice>;
}

/** What a batch changes of it. */
export interface DeprovisioningWrites {
  hold: OpenHold | null;
  counts: HeldCounts;
  /** Whether the hold began in this batch. */
  started: boolean;
  users: { upserts: ({ userId: string } & Omit<HeldUser, 'memberships'>)[]; deletes: string[] };
  /** All changed memberships of these users, in place of those stored. */
  memberships: { userIds: string[]; rows: (Membership & { isMember: boolean })[] };
  window: WindowWrites;
  /** How far each decision got; a finished one is in `consumedChangeIds` too. */
  progress: { changeId: string; users: number }[];
}

/** What a user says of the one who is its manager. */
export interface KnownManager {
  name: string | null;
  /** Of an imported one. */
  external_ids?: Record<string, string> | undefined;
}

/** What has been published of everything that a batch touches; see `requiredState`. */
export interface PublishedState {
  users: ReadonlyMap<string, Published<UserData>>;
  groups: ReadonlyMap<string, Published<GroupData>>;
  /** The groups of each user touched, also of one that is not published yet. */
  groupIdsOfUser: ReadonlyMap<string, readonly string[]>;
  /** The published users who are managers of those, by id, where the user itself is not among `users`. */
  managers?: ReadonlyMap<string, KnownManager>;
  /** By group id, for each `group_deleted` of the batch. */
  deletedGroupMembers?: ReadonlyMap<string, MemberSlice>;
  /** By change id, for each `rules_changed` of the batch. */
  rulesSlices?: ReadonlyMap<string, UserSlice>;
  /** Absent where the guard is off and nobody is held. */
  deprovisioning?: DeprovisioningState;
}

/** The tenant of a batch, as bare ids. */
export interface TenantIds {
  environmentId: string;
  organizationId: string;
  directoryId: string;
}

/** A SCIM attribute under a name of the application's own in `custom_attributes`. */
export interface AttributeMapping {
  /** SCIM attribute path; see `isAttributePath`. */
  key: string;
  /** Name in `custom_attributes`. */
  map_to: string;
  /** Paths that are read, in order, where `key` leads to nothing. */
  fallback_keys?: readonly string[];
  /** The value where none of the paths leads to one. */
  default?: string | number | boolean | null;
}

/** The application's roles for the users of one directory. */
export interface RoleRules {
  /** The role of users whom no group or attribute gives one. */
  defaultRole: string | null;
  /** Group (bare id) to role, in order of precedence. */
  assignments: readonly { group_id: string; role_name: string }[];
  /** The application's own role names: a role from the identity provider that differs only in case takes their spelling. */
  ownerRoles?: readonly string[];
}

/** The application's roles and attribute names for the users of one directory. */
export interface AssignmentRules extends RoleRules {
  /** SCIM path to name in `custom_attributes`. */
  attributeMappings: readonly AttributeMapping[];
}

/** Rules made ready for many users; see `compileRules`. */
export interface CompiledRules extends RoleRules {
  attributes: readonly CompiledMapping[];
}

/** One of the application's attributes. */
export interface CompiledMapping {
  name: string;
  /** Read in order, until one gives a value. */
  readers: readonly AttributeReader[];
  otherwise: unknown;
}

/** Reads one path of a stored user; undefined when there is nothing. */
export type AttributeReader = (resource: CanonicalResource) => unknown;

/** What the normalization of one user needs besides the user. */
export interface NormalizeContext extends TenantIds {
  rules: CompiledRules;
}

/** A user in a group. */
export interface Membership {
  userId: string;
  groupId: string;
}
