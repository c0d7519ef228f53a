import {
  findDirectoriesToPurge,
  findDirectoriesWithChanges,
  findEndpointsToReplay,
  findEndpointsWithDueDeliveries,
  purgeDirectory,
} from '@rollcall/database';
import type { DataSource, EndpointKey } from '@rollcall/database';

/** What one sweep may start; the next sweep takes the rest. */
const DIRECTORIES_MAX = 100;
const ENDPOINTS_MAX = 100;
const PURGES_MAX = 10;

export interface SweepDependencies {
  dataSource: DataSource;
  drain: (directoryId: string) => Promise<void>;
  deliver: (endpoint: EndpointKey) => Promise<void>;
}

/**
 * Does what PostgreSQL says is due, without any hint: pending changes, due deliveries, replays to move on, deleted
 * directories to purge. This is what makes a lost queue cost time and not events. Drains are waited for, so that a sweep never
 * piles up on the one before.
 */
export async function sweep({ dataSource, drain, deliver }: SweepDependencies): Promise<void> {
  const directories = await findDirectoriesWithChanges(dataSource, '', DIRECTORIES_MAX);
  const endpoints = await findEndpointsWithDueDeliveries(dataSource, ENDPOINTS_MAX);
  const replayed = await findEndpointsToReplay(dataSource, ENDPOINTS_MAX);
  for (const endpoint of [...endpoints, ...replayed]) void deliver(endpoint);
  await inPairs(directories, drain);
  for (const tenant of await findDirectoriesToPurge(dataSource, PURGES_MAX)) await purgeDirectory(dataSource, tenant);
}

/** Two at a time: a backlog of directories must not take every database connection from the hinted work. */
async function inPairs<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const take = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all([take(), take()]);
}
