import { keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query';
import { polledUnlessLive } from './polled';
import { getGroup, getUser, listGroups, listMembers, listUsers, type ListQuery } from './portal-api';

const POLL_MS = 10_000;

const polled = polledUnlessLive(POLL_MS);

export function usersQuery(directoryId: string, list: ListQuery) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'users', list],
    queryFn: ({ signal }) => listUsers(directoryId, list, signal),
    placeholderData: keepPreviousData,
    ...polled,
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
    ...polled,
  });
}

export function groupQuery(directoryId: string, groupId: string) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'group', groupId],
    queryFn: ({ signal }) => getGroup(directoryId, groupId, signal),
    ...polled,
  });
}

export function membersQuery(directoryId: string, groupId: string, list: ListQuery) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'group', groupId, 'members', list],
    queryFn: ({ signal }) => listMembers(directoryId, groupId, list, signal),
    placeholderData: keepPreviousData,
    ...polled,
  });
}
