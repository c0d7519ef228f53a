import { LRUCache } from 'lru-cache';

/** Rows that are kept at a time: of owners that are known to exist, and of ids that a stranger may have made up. */
const KNOWN_MAX = 10_000;
const UNKNOWN_MAX = 1_000;

/**
 * Rows that are counted until they are taken, in memory that is bounded whatever comes: ids that are made up displace each other,
 * and never what is known. Where there is no room the oldest gives way: who comes again and again is counted again.
 */
export class KnownRows<Row> {
  private readonly known = new LRUCache<string, true>({ max: KNOWN_MAX });
  private readonly ofKnown = new Map<string, Row>();
  private readonly ofUnknown = new Map<string, Row>();

  find(id: string): Row | undefined {
    return this.ofUnknown.get(id) ?? this.ofKnown.get(id);
  }

  insert(id: string, owner: string, row: Row): void {
    const [rows, max] = this.known.has(owner) ? [this.ofKnown, KNOWN_MAX] : [this.ofUnknown, UNKNOWN_MAX];
    const [oldest] = rows.keys();
    if (rows.size >= max && oldest !== undefined) rows.delete(oldest);
    rows.set(id, row);
  }

  delete(id: string): void {
    this.ofKnown.delete(id);
    this.ofUnknown.delete(id);
  }

  /** Whether there is none. */
  get isEmpty(): boolean {
    return this.ofKnown.size === 0 && this.ofUnknown.size === 0;
  }

  /** Removes and returns those that are due, of those that are known first. */
  take(isDue: (id: string) => boolean = () => true): Row[] {
    return [this.ofKnown, this.ofUnknown].flatMap((rows) =>
      [...rows].filter(([id]) => isDue(id) && rows.delete(id)).map(([, row]) => row),
    );
  }

  /** Takes in that an owner exists: ids that are made up do not displace its rows from now on. */
  know(owner: string): void {
    this.known.set(owner, true);
  }
}
