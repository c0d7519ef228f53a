import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import {
  findDirectoryPlacement,
  findMoving,
  findPastCells,
  findPlacement,
  locateDirectory,
  locateOrganization,
} from '@rollcall/management';
import type { Located, Placement, PlacedOrganization } from '@rollcall/management';
import { AppError, createShares, shareUnderWay } from '@rollcall/platform';
import type { Logger } from '@rollcall/platform';
import { keepPlacement } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { cellUnavailable } from './refusals';
import type { Cell } from './cell';

/** A few hundred bytes each. */
const REMEMBERED = 100_000;
/** How long what no cell has is not asked for again. */
const UNKNOWN_MS = 5_000;
const WATCH_MS = 1_000;
/** Without word for so long what is remembered may have been moved. */
const SILENCE_MS = 2_500;
/** What is looked for in all cells, each with a share of the look-ups: a flood of cookies keeps no directory from being found. */
type LookedFor = 'organization' | 'directory' | 'alias' | 'credential' | 'foreign';
/** Look-ups under way, and those that wait: what nobody has costs little, however often it is asked for. */
const LOOK_UPS = { capacity: 4, perKey: 3, maxWaiting: { all: 500, perKey: 200 }, maxWaitMs: 5_000 };

/** Knows where organizations and directories live, as the control cell says; whoever nobody has asked for yet is looked for in each cell. */
export class Placements {
  private readonly organizations = new LRUCache<string, Placement>({ max: REMEMBERED });
  /** A directory stays with its organization. */
  private readonly directories = new LRUCache<string, PlacedOrganization>({ max: REMEMBERED });
  private readonly past = new LRUCache<string, string[]>({ max: REMEMBERED });
  private readonly unknown = new LRUCache<string, true>({ max: REMEMBERED, ttl: UNKNOWN_MS });
  private moving: ReadonlyMap<string, Placement> = new Map();
  private heardAt = -Infinity;
  private readonly end = new AbortController();
  private readonly oncePer = shareUnderWay<Placement | null>();
  private readonly lookUps = createShares({ ...LOOK_UPS, overShare: tooManyLookUps, overloaded: tooManyLookUps });
  private watching: Promise<void> | undefined;

  constructor(
    private readonly control: Cell,
    private readonly cells: readonly Cell[],
    private readonly logger: Logger,
  ) {}

  /** Keeps hearing which organizations are being moved, until it is closed. Resolves when that is known for the first time. */
  async watch(): Promise<void> {
    await this.hear();
    this.watching = this.keepHearing();
  }

  async close(): Promise<void> {
    this.end.abort();
    await this.watching;
  }

  /** Where an organization lives; null when no cell has it. Throws AppError 503 when that cannot be found out now. */
  readonly organization = (id: string): Promise<Placement | null> => {
    return this.find('organization', id, this.remembered(id), {
      ask: (store) => findPlacement(store, id),
      locate: (store) => locateOrganization(store, id),
    });
  };

  /** The same of a directory's organization. */
  async directory(id: string): Promise<Placement | null> {
    const owner = this.directories.get(id);
    const found = await this.find('directory', id, owner && this.remembered(owner.organizationId), {
      ask: async (store) => (owner ? findPlacement(store, owner.organizationId) : findDirectoryPlacement(store, id)),
      locate: (store) => locateDirectory(store, id),
      directoryId: id,
    });
    if (found) this.directories.set(id, found);
    return found;
  }

  /** The cells that have events of an organization from before it was moved. Those cannot change while the control cell is away. */
  async pastCells(organization: PlacedOrganization): Promise<string[]> {
    const { organizationId } = organization;
    try {
      const found = await this.control.look((store) => findPastCells(store, organization));
      this.past.set(organizationId, found);
      return found;
    } catch (error) {
      const known = this.past.get(organizationId);
      if (known) return known;
      throw error;
    }
  }

  /** Writes down where an organization was made. */
  async made(organizationId: string, cell: Cell): Promise<void> {
    const located = await cell.look((store) => locateOrganization(store, organizationId));
    if (located) await this.control.look((store) => keepPlacement(store, located, cell.name, []));
    this.unknown.delete(`organization ${organizationId}`);
  }

  /** Runs a look-up when there is room for one more. Throws AppError 503 when too many wait. */
  async lookUp<T>(what: LookedFor, work: () => Promise<T>): Promise<T> {
    const share = await this.lookUps.take(what);
    try {
      return await work();
    } finally {
      share.giveBack();
    }
  }

  /** Whether an organization is being moved. What nobody has may be of that one. */
  get hasMoving(): boolean {
    return this.moving.size > 0;
  }

  private remembered(organizationId: string): Placement | undefined {
    return this.moving.get(organizationId) ?? this.organizations.get(organizationId);
  }

  private async find(
    what: 'organization' | 'directory',
    id: string,
    known: Placement | undefined,
    search: Search,
  ): Promise<Placement | null> {
    if (known) return known;
    // An id may be asked for as what it is not.
    const name = `${what} ${id}`;
    if (this.unknown.has(name)) return null;
    const found = await this.oncePer(name, () => this.lookUp(what, () => this.search(search)));
    if (!found) this.unknown.set(name, true);
    // One that is being moved is remembered as long as it is heard to be.
    else if (!found.isMoving && !this.moving.has(found.organizationId)) {
      this.organizations.set(found.organizationId, found);
    }
    return found;
  }

  private async search({ ask, locate, directoryId }: Search): Promise<Placement | null> {
    const written = await this.control.look(ask);
    if (written) return written;
    const found = await this.locate(locate);
    if (!found) return null;
    const directoryIds = directoryId === undefined ? [] : [directoryId];
    await this.control.look((store) => keepPlacement(store, found.located, found.cell.name, directoryIds));
    return this.control.look((store) => findPlacement(store, found.located.organizationId));
  }

  /** Where it lives, or where its tombstone is. Throws AppError 503 when a cell that does not answer may have it. */
  private async locate(question: Search['locate']): Promise<{ cell: Cell; located: Located } | null> {
    const answers = await Promise.allSettled(this.cells.map((cell) => cell.look(question)));
    const found = answers.flatMap((answer, index) => {
      const cell = this.cells[index];
      return cell && answer.status === 'fulfilled' && answer.value ? [{ cell, located: answer.value }] : [];
    });
    const living = found.find(({ located }) => !located.isDeleted);
    if (living) return living;
    if (answers.some(({ status }) => status === 'rejected')) throw cellUnavailable();
    return found[0] ?? null;
  }

  private async keepHearing(): Promise<void> {
    for (let isTold = false; !this.end.signal.aborted;) {
      await sleep(WATCH_MS, undefined, { signal: this.end.signal }).catch(() => undefined);
      try {
        await this.hear();
        isTold = false;
      } catch (error) {
        if (!isTold && !this.end.signal.aborted) this.logger.warn({ err: error }, 'placements cannot be read');
        isTold = true;
      }
    }
  }

  private async hear(): Promise<void> {
    const startedAt = performance.now();
    const moving = await findMoving(this.control.store);
    if (startedAt - this.heardAt > SILENCE_MS) this.organizations.clear();
    // Those that were moving until now may have arrived.
    for (const id of this.moving.keys()) this.organizations.delete(id);
    this.moving = new Map(moving.map((placement) => [placement.organizationId, placement]));
    this.heardAt = performance.now();
  }
}

interface Search {
  /** Asked in the control cell. */
  ask: (store: DataSource) => Promise<Placement | null>;
  /** Asked in every cell. */
  locate: (store: DataSource) => Promise<Located | null>;
  /** Written down with its organization. */
  directoryId?: string;
}

function tooManyLookUps(): AppError {
  return new AppError({
    kind: 'unavailable',
    code: 'unavailable',
    message: 'Too many organizations are being looked for. Try again in a few seconds.',
    retryAfterSeconds: 2,
  });
}
