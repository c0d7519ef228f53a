import type { MutationCacheNotifyEvent, Query, QueryCacheNotifyEvent, QueryClient } from '@tanstack/react-query';
import { isUnreached, PortalError } from './portal-error';
import { noteAnswer, noteSilence, readReachability, watchReachability } from './reachability';

/** Learns from every try of every call whether the server answers, and has what the page shows read anew when it does again. */
export function trackReachability(client: QueryClient): void {
  client.getQueryCache().subscribe(noteEvent);
  client.getMutationCache().subscribe(noteEvent);
  window.addEventListener('offline', () => noteSilence(false));
  watchReachability(() => {
    // What has just been read is not stale.
    if (readReachability() !== 'answers') return;
    const predicate = ({ state }: Query) => !isAnswer(state.error);
    void client.refetchQueries({ type: 'active', stale: true, predicate }, { cancelRefetch: false });
  });
}

function noteEvent(event: QueryCacheNotifyEvent | MutationCacheNotifyEvent): void {
  if (event.type !== 'updated') return;
  const { action } = event;
  if (action.type === 'success' && !('manual' in action && action.manual)) noteAnswer();
  if (action.type === 'failed' || action.type === 'error') noteFailure(action.error);
}

/** Whether the server itself has answered so: then it has said when to ask again, if at all, and that others are answered changes nothing. */
function isAnswer(error: unknown): boolean {
  return error instanceof PortalError && error.status !== 0 && error.code !== 'unreadable';
}

function noteFailure(error: unknown): void {
  if (isUnreached(error)) noteSilence(navigator.onLine);
  else if (error instanceof PortalError) noteAnswer();
}
