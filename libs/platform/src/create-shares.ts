/** Something scarce, such as connections or bytes of memory, of which each key (a directory, an environment) may hold a share. */
export interface Shares {
  /**
   * Takes an amount for a key and resolves when it is there. Of those that wait, the key that holds least comes first, of several
   * such keys the one that had its turn, or began to wait, longest ago, and one key's in their order; so no key waits for another
   * one's share. Throws the refusal that {@link SharesOptions} names.
   */
  take(key: string, amount?: number): Promise<Share>;
}

/** What a key has taken. */
export interface Share {
  /** Says how much of it is needed from now on, more or less than was taken: who comes next waits for it. */
  keep(amount: number): void;
  /** Gives it all back; calling it again does nothing. */
  giveBack(): void;
}

export interface SharesOptions {
  /** How much there is. */
  capacity: number;
  /** How much of it one key may hold; who asks for more than that counts as asking for that. */
  perKey: number;
  /** How many may wait, in all and of one key. */
  maxWaiting: { all: number; perKey: number };
  /** How long one waits at most, in milliseconds. */
  maxWaitMs: number;
  /** What is thrown when the key's own share is in use. */
  overShare: () => Error;
  /** What is thrown when there is nothing left for a key within its share. */
  overloaded: () => Error;
}

interface Waiting {
  key: string;
  amount: number;
  grant: () => void;
}

/** @param options see {@link SharesOptions} */
export function createShares(options: SharesOptions): Shares {
  const { capacity, perKey, maxWaiting, maxWaitMs, overShare, overloaded } = options;
  const held = new Map<string, number>();
  const waiting = new Lines();
  let free = capacity;

  const heldBy = (key: string) => held.get(key) ?? 0;
  const fitsShare = ({ key, amount }: Waiting) => heldBy(key) + amount <= perKey;
  const refusalOf = (entry: Waiting) => (fitsShare(entry) ? overloaded() : overShare());

  function change(key: string, by: number): void {
    free -= by;
    const now = heldBy(key) + by;
    if (now > 0) held.set(key, now);
    else held.delete(key);
  }

  function shareOf(key: string, taken: number): Share {
    let amount = taken;
    const keep = (needed: number) => {
      change(key, needed - amount);
      amount = needed;
      grantNext();
    };
    return { keep, giveBack: () => (amount === 0 ? undefined : keep(0)) };
  }

  /** One who needs much is not overtaken by those who need little, or would wait for ever. */
  function grantNext(): void {
    for (;;) {
      const next = waiting.next(fitsShare, heldBy);
      if (!next || next.amount > free) return;
      waiting.leave(next, 'served');
      change(next.key, next.amount);
      next.grant();
    }
  }

  function wait(entry: Waiting): Promise<void> {
    if (waiting.countOf(entry.key) >= maxWaiting.perKey || waiting.size >= maxWaiting.all) throw refusalOf(entry);
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.leave(entry);
        reject(refusalOf(entry));
        grantNext();
      }, maxWaitMs);
      entry.grant = () => (clearTimeout(timer), resolve());
      waiting.join(entry);
    });
  }

  return {
    async take(key, wanted = 1) {
      const entry: Waiting = { key, amount: Math.min(wanted, perKey, capacity), grant: () => undefined };
      // Those who only wait for their own key's share are in nobody's way.
      if (fitsShare(entry) && entry.amount <= free && !waiting.next(fitsShare, heldBy)) change(key, entry.amount);
      else await wait(entry);
      return shareOf(key, entry.amount);
    },
  };
}

/** Who waits, a line for each key. */
class Lines {
  private readonly entries = new Set<Waiting>();
  /** How many a key has, and when it had its turn last or began to wait, as a number that grows. */
  private readonly ofKey = new Map<string, { count: number; turn: number }>();
  private turns = 0;

  get size(): number {
    return this.entries.size;
  }

  countOf(key: string): number {
    return this.ofKey.get(key)?.count ?? 0;
  }

  join(entry: Waiting): void {
    this.entries.add(entry);
    const line = this.ofKey.get(entry.key) ?? { count: 0, turn: this.turns };
    line.count += 1;
    this.ofKey.set(entry.key, line);
  }

  /** @param how `served`: this was its key's turn */
  leave(entry: Waiting, how?: 'served'): void {
    const line = this.ofKey.get(entry.key);
    if (!line || !this.entries.delete(entry)) return;
    line.count -= 1;
    if (how) line.turn = this.turns += 1;
    if (line.count === 0) this.ofKey.delete(entry.key);
  }

  /** Who comes first of those that may, see {@link Shares.take}. */
  next(mayHave: (entry: Waiting) => boolean, heldBy: (key: string) => number): Waiting | undefined {
    let first: Waiting | undefined;
    for (const entry of this.entries) {
      if (mayHave(entry) && (!first || this.compare(entry.key, first.key, heldBy) < 0)) first = entry;
    }
    return first;
  }

  private compare(a: string, b: string, heldBy: (key: string) => number): number {
    return heldBy(a) - heldBy(b) || (this.ofKey.get(a)?.turn ?? 0) - (this.ofKey.get(b)?.turn ?? 0);
  }
}
