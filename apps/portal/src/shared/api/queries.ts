import type { Directory } from '@rollcall/sdk';
import { keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query';
import {
  getDirectory,
  getGroup,
  getSession,
  getUser,
  listDirectories,
  listGroups,
  listMembers,
  listUsers,
  type ListQuery,
} from './portal-api';
import { isSessionError } from './portal-error';
import { pauseMs } from './reachability';

/** How often the server is asked again while the page is visible and it answers, in milliseconds. */
const POLL_SESSION_MS = 5_000;
const POLL_WAITING_MS = 1_500;
const POLL_IDLE_MS = 5_000;
const POLL_LIST_MS = 10_000;

/** Asked again and again for what the vendor or another tab does meanwhile, until there is no session any more. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => getSession(signal),
  refetchInterval: ({ state }) => !isSessionError(state.error) && pauseMs(POLL_SESSION_MS),
});

export const directoriesQuery = queryOptions({
  queryKey: ['directories'],
  queryFn: ({ signal }) => listDirectories(signal),
  refetchInterval: () => pauseMs(POLL_IDLE_MS),
});

/** A directory that waits for its first request is watched closely, any other at leisure. */
export function directoryPollMs(directory: Directory | undefined): number {
  return directory?.status === 'IN_PROGRESS' && directory.enabled ? POLL_WAITING_MS : POLL_IDLE_MS;
}

export function directoryQuery(directoryId: string) {
  return queryOptions({
    queryKey: ['directory', directoryId],
    queryFn: ({ signal }) => getDirectory(directoryId, signal),
    refetchInterval: ({ state }) => pauseMs(directoryPollMs(state.data)),
  });
}

export function usersQuery(directoryId: string, list: ListQuery) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'users', list],
    queryFn: ({ signal }) => listUsers(directoryId, list, signal),
    placeholderData: keepPreviousData,
    refetchInterval: () => pauseMs(POLL_LIST_MS),
  });
}

/** Asks for nothing while no user is chosen. */
export function userQuery(directoryId: string, userId: string | null) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'user', userId],
    queryFn: userId === null ? skipToken : ({ signal }) => getUser(directoryId, userId, signal),
  });
}

export function groupsQuery(directoryId: string, list: ListQuery) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'groups', list],
    queryFn: ({ signal }) => listGroups(directoryId, list, signal),
    placeholderData: keepPreviousData,
    refetchInterval: () => pauseMs(POLL_LIST_MS),
  });
}

export function groupQuery(directoryId: string, groupId: string) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'group', groupId],
    queryFn: ({ signal }) => getGroup(directoryId, groupId, signal),
    refetchInterval: () => pauseMs(POLL_LIST_MS),
  });
}

export function membersQuery(directoryId: string, groupId: string, list: ListQuery) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'group', groupId, 'members', list],
    queryFn: ({ signal }) => listMembers(directoryId, groupId, list, signal),
    placeholderData: keepPreviousData,
    refetchInterval: () => pauseMs(POLL_LIST_MS),
  });
}
