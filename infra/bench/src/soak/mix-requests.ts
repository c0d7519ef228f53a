import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import type { LoadRequest } from '../load/drive-load';
import { patchMember } from '../scim/change-members';
import { patchActive } from '../scim/change-users';
import { findByUserName } from '../scim/read-users';
import { reserveUsers } from '../scim/reserve-users';
import type { Directory } from '../systems/scim-system';

/** A directory as an identity provider works on it. */
export interface Tenant {
  directory: Directory;
  /** Users who stay. */
  users: TenantUser[];
  /** Users who were created and will be deleted, in the order in which they came. */
  leaving: string[];
  groupId: string;
  /** Of the users who stay, those who are in the group and those who are not; the next to change comes first. */
  memberIds: string[];
  otherIds: string[];
}

export interface TenantUser {
  id: string;
  /** Of `buildOktaUser`. */
  n: number;
  active: boolean;
}

export interface MixedRequest extends LoadRequest {
  operation: string;
  /** Takes note of what the answer says was done. */
  done?: (body: Buffer) => void;
}

type Operation = (tenant: Tenant, turn: number) => Omit<MixedRequest, 'operation' | 'target'>;

/** What identity providers send, and how many of twenty requests are of a kind. As many users are created as are deleted. */
const MIX: Record<string, { share: number; operation: Operation }> = {
  'find by userName': { share: 6, operation: (tenant, turn) => findByUserName(userOf(tenant, turn).n) },
  'read user': {
    share: 4,
    operation: (tenant, turn) => ({ method: 'GET', path: `/Users/${userOf(tenant, turn).id}` }),
  },
  'create user': { share: 1, operation: createUser },
  'deactivate or activate user': { share: 2, operation: changeActive },
  'PUT user': { share: 2, operation: replaceUser },
  'delete user': { share: 1, operation: deleteUser },
  'list a page of 100 users': { share: 1, operation: listUsers },
  'add one member': { share: 1, operation: addMember },
  'remove one member': { share: 1, operation: removeMember },
  'read group of 100': {
    share: 1,
    operation: ({ groupId }) => ({ method: 'GET', path: `/Groups/${groupId}` }),
  },
};

/** The names of the operations. */
export const MIXED_OPERATIONS = Object.keys(MIX);

/** An endless mix of requests, the same in every second; those of a kind go round the tenants. */
export function mixRequests(tenants: readonly Tenant[]): () => MixedRequest {
  const names = Object.entries(MIX).flatMap(([name, { share }]) => Array.from({ length: share }, () => name));
  const slots = interleave(names);
  const counts = new Map(MIXED_OPERATIONS.map((name) => [name, 0]));
  let slot = 0;
  return () => {
    const operation = slots[slot++ % slots.length] ?? '';
    const count = counts.get(operation) ?? 0;
    counts.set(operation, count + 1);
    const tenant = tenants[count % tenants.length];
    // Different kinds begin with different users, so that no two changes of one user are under way together.
    const turn = Math.floor(count / tenants.length) + MIXED_OPERATIONS.indexOf(operation) * 50;
    const drafted = tenant && MIX[operation]?.operation(tenant, turn);
    if (!drafted) throw new Error('the mix has operations and tenants');
    return { ...drafted, operation, target: tenant.directory };
  };
}

/** The same values, those that stood side by side far from each other. */
function interleave(values: readonly string[]): string[] {
  const STRIDE = 7;
  return values.map((_, index) => values[(index * STRIDE) % values.length] ?? '');
}

/** Each user once before any comes again, far from the one before. */
function userOf({ users }: Tenant, turn: number): TenantUser {
  const user = users[(turn * 7_919) % users.length];
  if (!user) throw new Error('a tenant has users');
  return user;
}

function createUser({ leaving }: Tenant): ReturnType<Operation> {
  return {
    method: 'POST',
    path: '/Users',
    body: buildOktaUser(reserveUsers(1)),
    expect: 201,
    done: (body) => leaving.push((JSON.parse(body.toString()) as { id: string }).id),
  };
}

function deleteUser({ leaving }: Tenant): ReturnType<Operation> {
  return { method: 'DELETE', path: `/Users/${leaving.shift()}`, expect: 204 };
}

function changeActive(tenant: Tenant, turn: number): ReturnType<Operation> {
  const user = userOf(tenant, turn);
  user.active = !user.active;
  return patchActive(user.id, user.active);
}

function replaceUser(tenant: Tenant, turn: number): ReturnType<Operation> {
  const user = userOf(tenant, turn);
  user.active = true;
  return { method: 'PUT', path: `/Users/${user.id}`, body: buildOktaUser(user.n, { title: `Engineer ${turn}` }) };
}

function listUsers({ users }: Tenant, turn: number): ReturnType<Operation> {
  return { method: 'GET', path: `/Users?startIndex=${1 + ((turn * 100) % users.length)}&count=100` };
}

function addMember({ groupId, memberIds, otherIds }: Tenant): ReturnType<Operation> {
  const id = otherIds.shift() ?? '';
  return { ...patchMember(groupId, 'add', id, { name: 'rollcall' }), done: () => memberIds.push(id) };
}

function removeMember({ groupId, memberIds, otherIds }: Tenant): ReturnType<Operation> {
  const id = memberIds.shift() ?? '';
  return { ...patchMember(groupId, 'remove', id, { name: 'rollcall' }), done: () => otherIds.push(id) };
}
