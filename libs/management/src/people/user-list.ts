import type { EntityManager } from 'typeorm';
import type { DirectoryScope } from '../directories/find-directory';
import { countRows } from '../paging/read-page';
import type { ListStatement } from '../paging/read-page';
import { countInactiveUsers } from './count-inactive-users';
import { readTotal } from './read-total';
import { searchPeople } from './search-people';
import type { AddParameter } from './search-people';

/** In which order users are listed; with a minus the largest first. */
export const USER_SORTS = ['name', '-name', 'email', '-email', 'updated', '-updated'] as const;
export type UserSort = (typeof USER_SORTS)[number];

/** Which users of a directory; absent = all. */
export interface UserFilter {
  groupId?: string;
  /** Changed after this time; the list is then in the order of the changes, unless `sort` is given. */
  updatedAfter?: Date;
  /** Words with which a name, an address or the External ID begins; see `searchPeople`. */
  search?: string;
  active?: boolean;
  /** Who has this role, as published. */
  roleName?: string;
  /** Absent: oldest first. By name or e-mail address: of those who are published, which a new user is in a moment. */
  sort?: UserSort;
}

/** A relation that has a row for each user of some kind. */
interface Narrowing {
  from: string;
  /** The column that names the user. */
  id: string;
  where: string;
}

/** How a list of users is read, and what of it is counted. */
export interface UserList extends ListStatement {
  /** The relation that alone decides who is in the list; null when there is more to it. */
  whole: Narrowing | null;
}

/** The users that a filter lets through, read along the index of what narrows it most: a search, a group, a role, or else the order. */
export async function userList(manager: EntityManager, directoryId: string, filter: UserFilter): Promise<UserList> {
  const params: unknown[] = [directoryId];
  const add = (value: unknown) => `$${params.push(value)}`;
  const found =
    filter.search === undefined ? null : await searchPeople(manager, 'user', { directoryId, text: filter.search }, add);
  const narrowings = [
    ...(found ? [{ from: found.from, id: 'f.id', where: 'true' }] : []),
    ...narrowingsOf(filter, add),
  ];
  const [driver, ...others] = narrowings;
  const conditions = [
    ...(found?.conditions ?? []),
    ...conditionsOf(filter, add),
    ...others.map((other) => hasRow(other, driver?.id ?? 'u.id')),
  ];
  const { columns, descending } = orderOf(filter);
  const isByName = columns.some(({ sql }) => sql.startsWith('p.'));
  return {
    columns: 'u.id',
    from: relationOf(driver, isByName),
    where: [driver?.where ?? (isByName ? 'p.directory_id = $1' : 'u.directory_id = $1'), ...conditions].join(' AND '),
    params,
    keys: [...columns, { sql: driver?.id ?? (isByName ? 'p.id' : 'u.id'), type: 'text' }],
    descending,
    whole: driver && !found && conditions.length === 0 ? driver : null,
  };
}

/** How many users are in a list; of a search, at most as many as are looked at. */
export async function countUsers(
  manager: EntityManager,
  scope: DirectoryScope,
  { groupId, updatedAfter, search, active, roleName }: UserFilter,
  list: UserList,
): Promise<number> {
  if (list.whole) return countRows(manager, { ...list, from: list.whole.from, where: list.whole.where });
  const isNarrowed =
    groupId !== undefined || updatedAfter !== undefined || search !== undefined || roleName !== undefined;
  if (isNarrowed) return countRows(manager, list);
  const total = active === false ? 0 : await readTotal(manager, scope, 'users');
  if (active === undefined) return total;
  const counts = await countInactiveUsers(manager, scope.environmentId, [scope.directoryId]);
  const inactive = counts.get(scope.directoryId) ?? 0;
  return active ? Math.max(0, total - inactive) : inactive;
}

function narrowingsOf({ groupId, roleName }: UserFilter, add: AddParameter): Narrowing[] {
  const narrowings: Narrowing[] = [];
  if (groupId !== undefined) {
    const where = `m.directory_id = $1 AND m.group_id = ${add(groupId)}::text AND m.member_type = 'User'`;
    narrowings.push({ from: 'memberships m', id: 'm.member_id', where });
  }
  if (roleName !== undefined) {
    const where = `r.directory_id = $1 AND r.kind = 'role' AND r.term = ${add(roleName)}::text`;
    narrowings.push({ from: 'search_terms r', id: 'r.id', where });
  }
  return narrowings;
}

function conditionsOf({ updatedAfter, active }: UserFilter, add: AddParameter): string[] {
  return [
    ...(updatedAfter ? [`u.last_modified > ${add(updatedAfter)}::timestamptz`] : []),
    ...(active === undefined ? [] : [active ? 'u.active' : 'NOT u.active']),
  ];
}

/**
 * OFFSET 0 keeps the planner from joining whole tables: whether there is a row is looked up for each user that is come to, by the id that
 * the driver has, so that of those who have none nothing else is read.
 */
function hasRow({ from, id, where }: Narrowing, driverId: string): string {
  return `EXISTS (SELECT 1 FROM ${from} WHERE ${where} AND ${id} = ${driverId} OFFSET 0)`;
}

/** Likewise each row is looked up by its id, wherever in the list it lies. */
function relationOf(driver: Narrowing | undefined, isByName: boolean): string {
  const user = (id: string) =>
    `CROSS JOIN LATERAL (SELECT u.id, u.active, u.last_modified FROM directory_users u
       WHERE u.directory_id = $1 AND u.id = ${id} OFFSET 0) u`;
  if (!driver) return isByName ? `published_users p ${user('p.id')}` : 'directory_users u';
  const name = `CROSS JOIN LATERAL (SELECT p.name_key, p.email_key FROM published_users p
    WHERE p.directory_id = $1 AND p.id = u.id OFFSET 0) p`;
  return `${driver.from} ${user(driver.id)} ${isByName ? name : ''}`;
}

const ORDERS = {
  name: { sql: 'p.name_key', type: 'text' },
  email: { sql: 'p.email_key', type: 'text' },
  updated: { sql: 'u.last_modified', type: 'timestamptz' },
} as const;

function orderOf({ sort, updatedAfter }: UserFilter): {
  columns: (typeof ORDERS)[keyof typeof ORDERS][];
  descending: boolean;
} {
  const by = sort ?? (updatedAfter ? 'updated' : undefined);
  if (by === undefined) return { columns: [], descending: false };
  const descending = by.startsWith('-');
  const name = (descending ? by.slice(1) : by) as keyof typeof ORDERS;
  return { columns: [ORDERS[name]], descending };
}
