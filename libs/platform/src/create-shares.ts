/** Something scarce, such as connections or bytes of memory, of which each key (a directory, an environment) may hold a share. */
export interface Shares {
  /**
   * Takes an amount for a key and resolves when it is there. Of those that wait, the key that holds least comes first, and one
   * key's in their order; so no key waits for another one's share. Throws the refusal that {@link SharesOptions} names.
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
  const waiting = new Set<Waiting>();
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
      let next: Waiting | undefined;
      for (const entry of waiting) {
        if (fitsShare(entry) && (!next || heldBy(entry.key) < heldBy(next.key))) next = entry;
      }
      if (!next || next.amount > free) return;
      waiting.delete(next);
      change(next.key, next.amount);
      next.grant();
    }
  }

  function wait(entry: Waiting): Promise<void> {
    let ofKey = 0;
    for (const { key } of waiting) if (key === entry.key) ofKey += 1;
    if (ofKey >= maxWaiting.perKey || waiting.size >= maxWaiting.all) throw refusalOf(entry);
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(entry);
        reject(refusalOf(entry));
        grantNext();
      }, maxWaitMs);
      entry.grant = () => (clearTimeout(timer), resolve());
      waiting.add(entry);
    });
  }

  return {
    async take(key, wanted = 1) {
      const entry: Waiting = { key, amount: Math.min(wanted, perKey, capacity), grant: () => undefined };
      // Those who only wait for their own key's share are in nobody's way.
      if (fitsShare(entry) && entry.amount <= free && !hasAny(waiting, fitsShare)) change(key, entry.amount);
      else await wait(entry);
      return shareOf(key, entry.amount);
    },
  };
}

function hasAny<T>(items: Iterable<T>, test: (item: T) => boolean): boolean {
  for (const item of items) if (test(item)) return true;
  return false;
}
