import type { Directory } from '@rollcall/sdk';
import { queryOptions } from '@tanstack/react-query';
import { getDirectory, getSession, listDirectories } from './portal-api';
import { isLive } from './live';
import { pollPauseMs } from './poll-pause';
import { polled, polledUnlessLive } from './polled';
import { isSessionError } from './portal-error';

/** How often the server is asked again while the page is visible and it answers, in milliseconds. */
const POLL_SESSION_MS = 5_000;
const POLL_WAITING_MS = 1_500;
const POLL_IDLE_MS = 5_000;
const POLL_LIST_MS = 10_000;

/** Asked again and again for what the vendor or another tab does meanwhile, until there is no session any more. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => getSession(signal),
  retry: false,
  refetchInterval: (query) => !isLive() && !isSessionError(query.state.error) && pollPauseMs(POLL_SESSION_MS, query),
});

export const directoriesQuery = queryOptions({
  queryKey: ['directories'],
  queryFn: ({ signal }) => listDirectories(signal),
  ...polledUnlessLive(POLL_IDLE_MS),
});

/** A directory that waits for its first request is watched closely, any other at leisure. */
export function directoryPollMs(directory: Directory | undefined): number {
  return directory?.status === 'IN_PROGRESS' && directory.enabled ? POLL_WAITING_MS : POLL_IDLE_MS;
}

export function directoryQuery(directoryId: string) {
  return queryOptions({
    queryKey: ['directory', directoryId],
    queryFn: ({ signal }) => getDirectory(directoryId, signal),
    retry: false,
    refetchInterval: (query) => !isLive() && pollPauseMs(directoryPollMs(query.state.data), query),
  });
}

/**
 * The same for a page that shows something else, at leisure, also while the server tells by itself what changes: it says nothing of a
 * directory that was made and deleted before it looked.
 */
export function watchedDirectoryQuery(directoryId: string) {
  return queryOptions({ ...directoryQuery(directoryId), ...polled(POLL_LIST_MS) });
}
