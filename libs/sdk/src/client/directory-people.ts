import type { DirectoryGroup, DirectoryUser, PersonFinding, UserExplanation } from '../api-types';
import { apiPath } from './api-url';
import type { Connection } from './connection';
import type { DetailQuery, GroupListQuery, UserListQuery } from '../api-types';
import { pagedList } from './paged-list';
import type { PagedList, PageSize } from './paged-list';

/** The users of a directory as they are stored now, which may be ahead of the events. */
export function directoryUserCalls(connection: Connection) {
  return {
    list: (organizationId: string, directoryId: string, query: UserListQuery = {}): PagedList<DirectoryUser> =>
      pagedList(connection, {
        path: apiPath`/organizations/${organizationId}/directories/${directoryId}/users`,
        itemsKey: 'users',
        query: { ...query },
      }),
    async get(
      organizationId: string,
      directoryId: string,
      userId: string,
      query: DetailQuery = {},
    ): Promise<DirectoryUser> {
      const path = apiPath`/organizations/${organizationId}/directories/${directoryId}/users/${userId}`;
      return (await connection.json<{ user: DirectoryUser }>({ path, query: { ...query } })).user;
    },
    /** Where each value of a user comes from: attribute, time and request. */
    explain(organizationId: string, directoryId: string, userId: string): Promise<UserExplanation> {
      const path = apiPath`/organizations/${organizationId}/directories/${directoryId}/users/${userId}:explain`;
      return connection.json({ path });
    },
    /** Whether somebody is in the directory, by userName or e-mail address, and if not, why. */
    find(organizationId: string, directoryId: string, name: string): Promise<PersonFinding> {
      const path = apiPath`/organizations/${organizationId}/directories/${directoryId}/users:find`;
      return connection.json({ path, query: { name } });
    },
  };
}

/** What `directoryUserCalls` answers. */
export type DirectoryUserCalls = ReturnType<typeof directoryUserCalls>;

/** The groups of a directory as they are stored now, which may be ahead of the events. */
export function directoryGroupCalls(connection: Connection) {
  return {
    list: (organizationId: string, directoryId: string, query: GroupListQuery = {}): PagedList<DirectoryGroup> =>
      pagedList(connection, {
        path: apiPath`/organizations/${organizationId}/directories/${directoryId}/groups`,
        itemsKey: 'groups',
        query: { ...query },
      }),
    async get(
      organizationId: string,
      directoryId: string,
      groupId: string,
      query: DetailQuery = {},
    ): Promise<DirectoryGroup> {
      const path = apiPath`/organizations/${organizationId}/directories/${directoryId}/groups/${groupId}`;
      return (await connection.json<{ group: DirectoryGroup }>({ path, query: { ...query } })).group;
    },
    listMembers: (
      organizationId: string,
      directoryId: string,
      groupId: string,
      query: PageSize = {},
    ): PagedList<DirectoryUser> =>
      pagedList(connection, {
        path: apiPath`/organizations/${organizationId}/directories/${directoryId}/groups/${groupId}/members`,
        itemsKey: 'members',
        query: { ...query },
      }),
  };
}

/** What `directoryGroupCalls` answers. */
export type DirectoryGroupCalls = ReturnType<typeof directoryGroupCalls>;
