import type { ListPage } from '@rollcall/sdk';
import { keepPreviousData, type QueryKey } from '@tanstack/react-query';
import { polled, polledUnlessLive } from '../api/polled';

/** How often what a page of the dashboard shows is read anew while it is seen, in milliseconds. */
const POLL_MS = 10_000;

/** What a page of the dashboard shows, read anew while it is seen. */
export const dashboardPolled = polled(POLL_MS);

/** The same for what the server tells by itself where an organization is watched. */
export const dashboardPolledUnlessLive = polledUnlessLive(POLL_MS);

/** The options of a query for one page of a list: the rows of the page before stay while the next one is on its way. */
export function listQuery<Page extends ListPage>(queryKey: QueryKey, read: (signal: AbortSignal) => Promise<Page>) {
  return {
    queryKey,
    queryFn: ({ signal }: { signal: AbortSignal }) => read(signal),
    placeholderData: keepPreviousData<Page>,
    ...dashboardPolled,
  };
}
