import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import {
  findDirectoryPlacement,
  findMoving,
  findPlacement,
  keepDirectoryPlacement,
  keepPlacement,
  locateDirectory,
  locateOrganization,
} from '@rollcall/management';
import type { Located, Placement, PlacedOrganization } from '@rollcall/management';
import { AppError, shareUnderWay } from '@rollcall/platform';
import type { Logger } from '@rollcall/platform';
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
/** Look-ups under way in all cells, and those that wait: what nobody has costs little, however often it is asked for. */
const LOOK_UPS = { max: 4, waiting: 500 };

/** Knows where organizations and directories live, as the control cell says; whoever nobody has asked for yet is looked for in each cell. */
export class Placements {
  private readonly organizations = new LRUCache<string, Placement>({ max: REMEMBERED });
  /** A directory stays with its organization. */
  private readonly directories = new LRUCache<string, PlacedOrganization>({ max: REMEMBERED });
  private readonly unknown = new LRUCache<string, true>({ max: REMEMBERED, ttl: UNKNOWN_MS });
  private moving: ReadonlyMap<string, Placement> = new Map();
  private heardAt = -Infinity;
  private readonly end = new AbortController();
  private readonly oncePer = shareUnderWay<Placement | null>();
  private readonly gate = createGate(LOOK_UPS);
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
    return this.find(`organization ${id}`, this.remembered(id), (found) => found, {
      ask: (store) => findPlacement(store, id),
      locate: (store) => locateOrganization(store, id),
    });
  };

  /** The same of a directory's organization. */
  directory(id: string): Promise<Placement | null> {
    const owner = this.directories.get(id);
    const keep = (found: Placement) => {
      this.directories.set(id, found);
      return found;
    };
    return this.find(`directory ${id}`, owner && this.remembered(owner.organizationId), keep, {
      ask: async (store) => (owner ? findPlacement(store, owner.organizationId) : findDirectoryPlacement(store, id)),
      locate: (store) => locateDirectory(store, id),
      note: (located) => this.control.look((store) => keepDirectoryPlacement(store, id, located)),
    });
  }

  /** Writes down where an organization was made. */
  async made(organizationId: string, cell: Cell): Promise<void> {
    const located = await cell.look((store) => locateOrganization(store, organizationId));
    if (located) await this.control.look((store) => keepPlacement(store, located, cell.name));
    this.unknown.delete(`organization ${organizationId}`);
  }

  /** Runs a look-up when there is room for one more. */
  lookUp<T>(work: () => Promise<T>): Promise<T> {
    return this.gate(work);
  }

  private remembered(organizationId: string): Placement | undefined {
    return this.moving.get(organizationId) ?? this.organizations.get(organizationId);
  }

  /** @param name of what is looked for: an id may be asked for as what it is not */
  private async find(
    name: string,
    known: Placement | undefined,
    keep: (found: Placement) => Placement,
    search: Search,
  ): Promise<Placement | null> {
    if (known) return known;
    if (this.unknown.has(name)) return null;
    const found = await this.oncePer(name, () => this.gate(() => this.search(search)));
    if (!found) {
      this.unknown.set(name, true);
      return null;
    }
    if (!this.moving.has(found.organizationId)) this.organizations.set(found.organizationId, found);
    return keep(found);
  }

  private async search({ ask, locate, note }: Search): Promise<Placement | null> {
    const written = await this.control.look(ask);
    if (written) return written;
    const found = await this.locate(locate);
    if (!found) return null;
    await this.control.look((store) => keepPlacement(store, found.located, found.cell.name));
    await note?.(found.located);
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
  note?: (located: Located) => Promise<void>;
}

/** Runs so many works at a time; of those that come then, so many wait. Throws AppError 503 for one more. */
function createGate({ max, waiting }: typeof LOOK_UPS): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (running >= max) {
      if (queue.length >= waiting) throw tooManyLookUps();
      await new Promise<void>((resolve) => queue.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

function tooManyLookUps(): AppError {
  return new AppError({
    kind: 'unavailable',
    code: 'unavailable',
    message: 'Too many organizations are being looked for. Try again in a few seconds.',
    retryAfterSeconds: 2,
  });
}
