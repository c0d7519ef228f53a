import {
  findDirectoriesToPurge,
  findDirectoriesWithChanges,
  findEndpointsToReplay,
  findEndpointsWithDueDeliveries,
  purgeDirectory,
} from '@rollcall/pipeline-store';
import type { EndpointKey } from '@rollcall/pipeline-store';
import type { DataSource } from '@rollcall/database';

/** What one look may find; the next one goes on behind it. */
const DIRECTORIES_MAX = 100;
const ENDPOINTS_MAX = 100;
const PURGES_MAX = 10;

/**
 * Does what PostgreSQL says is due, without any hint: this is what makes a lost queue cost time and not events. Each sweep goes
 * on where the one before stopped, so that what is always busy does not keep the rest from being found.
 */
export class Sweeper {
  private lastDirectoryId = '';
  private lastEndpoint: EndpointKey | null = null;

  constructor(private readonly dataSource: DataSource) {}

  /** Starts delivering to the endpoints that have something due, or a replay to move on. */
  async sweepEndpoints(deliver: (endpoint: EndpointKey) => Promise<void>): Promise<void> {
    const endpoints = await findEndpointsWithDueDeliveries(this.dataSource, this.lastEndpoint, ENDPOINTS_MAX);
    this.lastEndpoint = endpoints.length < ENDPOINTS_MAX ? null : (endpoints.at(-1) ?? null);
    const replayed = await findEndpointsToReplay(this.dataSource, ENDPOINTS_MAX);
    for (const endpoint of [...endpoints, ...replayed]) void deliver(endpoint);
  }

  /**
   * Purges deleted directories, and gives each that has changes a turn, again and again while any has more to do. Turns are
   * waited for, so that a sweep never piles up on the one before.
   * @param drain one turn; answers whether there is more to do
   */
  async sweepDirectories(drain: (directoryId: string) => Promise<boolean>, signal: AbortSignal): Promise<void> {
    for (const tenant of await findDirectoriesToPurge(this.dataSource, PURGES_MAX)) {
      await purgeDirectory(this.dataSource, tenant);
    }
    let isMore = true;
    while (isMore && !signal.aborted) {
      const directories = await findDirectoriesWithChanges(this.dataSource, this.lastDirectoryId, DIRECTORIES_MAX);
      const isCut = directories.length === DIRECTORIES_MAX;
      this.lastDirectoryId = isCut ? (directories.at(-1) ?? '') : '';
      const turns = await inPairs(directories, drain);
      isMore = isCut || turns.includes(true);
    }
  }
}

/** Two at a time: a backlog of directories must not take every database connection from the hinted work. */
async function inPairs<T, Result>(items: readonly T[], work: (item: T) => Promise<Result>): Promise<Result[]> {
  const queue = [...items];
  const results: Result[] = [];
  const take = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) results.push(await work(item));
  };
  await Promise.all([take(), take()]);
  return results;
}
