import { isLive } from './live';
import { pollPauseMs, type Asked } from './poll-pause';

/** Read again and again, which is its own retry: more at once would multiply the load on a server that fails. */
export function polled(intervalMs: number) {
  return { retry: false, refetchInterval: (query: { state: Asked }) => pollPauseMs(intervalMs, query) } as const;
}

/** The same for what the server tells by itself: it is asked again and again only while it does not. */
export function polledUnlessLive(intervalMs: number) {
  return {
    retry: false,
    refetchInterval: (query: { state: Asked }) => !isLive() && pollPauseMs(intervalMs, query),
  } as const;
}

/** The same for a page of a log of which only the newest, without a token, grows. */
export function polledIfNewest(pageToken: string, intervalMs: number) {
  return {
    retry: false,
    refetchInterval: (query: { state: Asked }) => pageToken === '' && pollPauseMs(intervalMs, query),
  } as const;
}
