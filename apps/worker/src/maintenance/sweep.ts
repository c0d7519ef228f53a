import {
  findDirectoriesToPurge,
  findDirectoriesWithChanges,
  findEndpointsToReplay,
  findEndpointsWithDueDeliveries,
  findErasures,
  purgeDirectory,
  runErasure,
} from '@rollcall/pipeline-store';
import type { BatchTenant, EndpointKey } from '@rollcall/pipeline-store';
import type { DataSource } from '@rollcall/database';

/** What one statement may find, and how many of them one sweep sends; the next sweep goes on behind it. */
const PAGE = 1_000;
const PAGES_MAX = 5;
const REPLAYED_MAX = 100;
const PURGES_MAX = 10;
const ERASURES_MAX = 20;

/**
 * Finds what PostgreSQL says is due, without any hint: this is what makes a lost queue cost time and not events. It only says what is
 * there: when it is whose turn is decided elsewhere. Each sweep goes on where the one before stopped, so that what is always busy
 * does not keep the rest from being found.
 */
export class Sweeper {
  private lastDirectoryId = '';
  private lastEndpoint: EndpointKey | null = null;
  private lastErasureId = '';

  constructor(private readonly dataSource: DataSource) {}

  /** Names the endpoints that have something due, or a replay to move on. */
  async sweepEndpoints(deliver: (endpoint: EndpointKey) => void): Promise<void> {
    for (let page = 0; page < PAGES_MAX; page++) {
      const endpoints = await findEndpointsWithDueDeliveries(this.dataSource, this.lastEndpoint, PAGE);
      this.lastEndpoint = endpoints.length < PAGE ? null : (endpoints.at(-1) ?? null);
      for (const endpoint of endpoints) deliver(endpoint);
      if (this.lastEndpoint === null) break;
    }
    const replayed = await findEndpointsToReplay(this.dataSource, REPLAYED_MAX);
    for (const endpoint of replayed) deliver(endpoint);
  }

  /** Names the directories that have changes. */
  async sweepDirectories(drain: (tenant: BatchTenant) => void): Promise<void> {
    for (let page = 0; page < PAGES_MAX; page++) {
      const tenants = await findDirectoriesWithChanges(this.dataSource, this.lastDirectoryId, PAGE);
      this.lastDirectoryId = tenants.length < PAGE ? '' : (tenants.at(-1)?.directoryId ?? '');
      for (const tenant of tenants) drain(tenant);
      if (this.lastDirectoryId === '') break;
    }
  }

  /** Purges deleted directories, slice by slice. */
  async sweepDeleted(): Promise<void> {
    for (const tenant of await findDirectoriesToPurge(this.dataSource, PURGES_MAX)) {
      await purgeDirectory(this.dataSource, tenant);
    }
  }

  /** Takes erasures further, one after the other; one that fails keeps no other waiting. Throws what failed when all had their turn. */
  async sweepErasures(signal: AbortSignal): Promise<void> {
    const erasures = await findErasures(this.dataSource, this.lastErasureId, ERASURES_MAX);
    this.lastErasureId = erasures.length < ERASURES_MAX ? '' : (erasures.at(-1)?.erasureId ?? '');
    const failures: unknown[] = [];
    for (const erasure of erasures) {
      if (signal.aborted) break;
      await runErasure(this.dataSource, erasure, signal).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
  }
}
