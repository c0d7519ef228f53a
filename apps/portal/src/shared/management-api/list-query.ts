import type { ListPage } from '@rollcall/sdk';
import { keepPreviousData, type QueryKey } from '@tanstack/react-query';
import { pollPauseMs, type Asked } from '../api/poll-pause';

/** How often what a page of the dashboard shows is read anew while it is seen, in milliseconds. */
export const POLL_MS = 10_000;

/** Read again and again, which is its own retry: more at once would multiply the load on a server that fails. */
export function polled(intervalMs = POLL_MS) {
  return { retry: false, refetchInterval: (query: { state: Asked }) => pollPauseMs(intervalMs, query) } as const;
}

/** The options of a query for one page of a list: the rows of the page before stay while the next one is on its way. */
export function listQuery<Page extends ListPage>(queryKey: QueryKey, read: (signal: AbortSignal) => Promise<Page>) {
  return {
    queryKey,
    queryFn: ({ signal }: { signal: AbortSignal }) => read(signal),
    placeholderData: keepPreviousData<Page>,
    ...polled(),
  };
}
