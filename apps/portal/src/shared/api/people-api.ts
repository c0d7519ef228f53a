import { createContext, useContext } from 'react';
import type { DirectoryGroup, DirectoryUser } from '@rollcall/sdk';
import { keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query';
import { download } from './download';
import { polledUnlessLive } from './polled';
import {
  directoryPath,
  getGroup,
  getUser,
  listGroups,
  listMembers,
  listUsers,
  type GroupPage,
  type ListQuery,
  type MemberPage,
  type UserPage,
} from './portal-api';
import { readSurface } from './surface';

/** How the users and groups of a directory are read, and where their pages are: by an admin's portal, or by whoever else shows them. */
export interface PeopleApi {
  /** The address below which the pages of a directory are. */
  addressOf: (directoryId: string) => string;
  listUsers: (directoryId: string, list: ListQuery, signal?: AbortSignal) => Promise<UserPage>;
  getUser: (directoryId: string, userId: string, signal?: AbortSignal) => Promise<DirectoryUser>;
  listGroups: (directoryId: string, list: ListQuery, signal?: AbortSignal) => Promise<GroupPage>;
  getGroup: (directoryId: string, groupId: string, signal?: AbortSignal) => Promise<DirectoryGroup>;
  listMembers: (directoryId: string, groupId: string, list: ListQuery, signal?: AbortSignal) => Promise<MemberPage>;
  /** The users of a list as a file; absent where there is none to be had. */
  exportUsers?: (directoryId: string, list: Pick<ListQuery, 'query' | 'parameters'>) => Promise<Blob>;
}

/** An admin's portal. */
export const portalPeople: PeopleApi = {
  addressOf: (directoryId) => `/portal/directories/${directoryId}`,
  listUsers,
  getUser,
  listGroups,
  getGroup,
  listMembers,
  exportUsers: (directoryId, { query, parameters }) =>
    download(readSurface().urlOf(`${directoryPath(directoryId)}/users.csv`), {
      query: { search: query, ...parameters },
      accept: 'text/csv',
    }),
};

/** Provided by an application that is not the portal. */
export const PeopleApiContext = createContext(portalPeople);

export function usePeopleApi(): PeopleApi {
  return useContext(PeopleApiContext);
}

const POLL_MS = 10_000;

const polled = polledUnlessLive(POLL_MS);

export function usersQuery(api: PeopleApi, directoryId: string, list: ListQuery) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'users', list],
    queryFn: ({ signal }) => api.listUsers(directoryId, list, signal),
    placeholderData: keepPreviousData,
    ...polled,
  });
}

/** Asks for nothing while no user is chosen. */
export function userQuery(api: PeopleApi, directoryId: string, userId: string | null) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'user', userId],
    queryFn: userId === null ? skipToken : ({ signal }) => api.getUser(directoryId, userId, signal),
  });
}

export function groupsQuery(api: PeopleApi, directoryId: string, list: ListQuery) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'groups', list],
    queryFn: ({ signal }) => api.listGroups(directoryId, list, signal),
    placeholderData: keepPreviousData,
    ...polled,
  });
}

export function groupQuery(api: PeopleApi, directoryId: string, groupId: string) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'group', groupId],
    queryFn: ({ signal }) => api.getGroup(directoryId, groupId, signal),
    ...polled,
  });
}

export function membersQuery(api: PeopleApi, directoryId: string, groupId: string, list: ListQuery) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'group', groupId, 'members', list],
    queryFn: ({ signal }) => api.listMembers(directoryId, groupId, list, signal),
    placeholderData: keepPreviousData,
    ...polled,
  });
}
