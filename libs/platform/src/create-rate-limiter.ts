import { LRUCache } from 'lru-cache';

/** What flows into a bucket, and how much it holds. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** What a key has spent, to be told to whoever knows what all processes have spent. */
export interface Spending {
  key: string;
  spent: number;
  perSecond: number;
  /**
   * What there can have been of it: a full bucket, and what has flowed in since it was spent from. Told late, a spending would cost that
   * too: a bucket that is still full for others takes nothing in.
   */
  burst: number;
}

/**
 * Token buckets that several processes share. Each process decides by its own view, so that nobody waits for an answer; what was
 * spent is told in the background, and what is left in all is learned from the answer. A bucket can be overdrawn, by what was not
 * known before or by several processes at once: what is missing must flow in before the next one.
 */
export interface RateLimiter {
  /** Seconds until the key may go on; 0 = now. */
  secondsToWait(key: string): number;
  /** @param amount below 0: gives back what was spent before */
  spend(key: string, rate: Rate, amount: number): void;
  /** What is to be told now: much, or for long not told. From here on it counts as told. */
  takeSpendings(): Spending[];
  /** What is left in all of a key, which was told. */
  learn(key: string, tokens: number): void;
  /** What could not be told, to be told later. */
  putBack(spendings: readonly Spending[]): void;
}

interface Bucket {
  rate: Rate;
  tokens: number;
  at: number;
  untold: number;
  /** Since when there is something untold. */
  untoldFrom: number;
  /** When something was told last. */
  toldAt: number;
}

/** Keys that are kept; one that is forgotten begins anew. */
const MAX_KEYS = 50_000;
/** What so many seconds may take is told at once, the rest after a while. */
const TELL_SECONDS = 0.5;
const TELL_AFTER_MS = 2_000;
/** Spendings told at a time. */
const MAX_SPENDINGS = 1_000;

/** @param now milliseconds of a clock that does not go back */
export function createRateLimiter(now: () => number = () => performance.now()): RateLimiter {
  return new SharedBuckets(now);
}

class SharedBuckets implements RateLimiter {
  private readonly buckets = new LRUCache<string, Bucket>({ max: MAX_KEYS });
  /** The keys with something untold. */
  private readonly untold = new Set<string>();

  constructor(private readonly now: () => number) {}

  secondsToWait(key: string): number {
    const bucket = this.buckets.get(key);
    if (!bucket) return 0;
    this.refill(bucket);
    return bucket.tokens >= 1 ? 0 : (1 - bucket.tokens) / bucket.rate.perSecond;
  }

  spend(key: string, rate: Rate, amount: number): void {
    const bucket = this.bucketOf(key, rate);
    this.refill(bucket);
    if (bucket.untold === 0) bucket.untoldFrom = bucket.at;
    bucket.tokens -= amount;
    bucket.untold += amount;
    this.untold.add(key);
  }

  takeSpendings(): Spending[] {
    const taken: Spending[] = [];
    for (const key of this.untold) {
      if (taken.length === MAX_SPENDINGS) break;
      const bucket = this.buckets.peek(key);
      if (bucket && bucket.untold !== 0 && !this.isToTell(bucket)) continue;
      this.untold.delete(key);
      if (!bucket || bucket.untold === 0) continue;
      taken.push({ key, spent: bucket.untold, ...this.rateSince(bucket) });
      bucket.untold = 0;
      bucket.toldAt = this.now();
    }
    return taken;
  }

  learn(key: string, tokens: number): void {
    const bucket = this.buckets.peek(key);
    if (!bucket) return;
    bucket.tokens = tokens - bucket.untold;
    bucket.at = this.now();
  }

  putBack(spendings: readonly Spending[]): void {
    for (const { key, spent } of spendings) {
      const bucket = this.buckets.peek(key);
      if (!bucket) continue;
      bucket.untold += spent;
      this.untold.add(key);
    }
  }

  private bucketOf(key: string, rate: Rate): Bucket {
    const known = this.buckets.get(key);
    if (known) {
      known.rate = rate;
      return known;
    }
    const now = this.now();
    const bucket = { rate, tokens: rate.burst, at: now, untold: 0, untoldFrom: now, toldAt: now };
    this.buckets.set(key, bucket);
    return bucket;
  }

  private rateSince({ rate: { perSecond, burst }, untoldFrom }: Bucket): Rate {
    return { perSecond, burst: burst + ((this.now() - untoldFrom) / 1_000) * perSecond };
  }

  private refill(bucket: Bucket): void {
    const { perSecond, burst } = bucket.rate;
    const at = this.now();
    bucket.tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1_000) * perSecond);
    bucket.at = at;
  }

  private isToTell({ untold, rate, toldAt }: Bucket): boolean {
    return untold >= rate.perSecond * TELL_SECONDS || this.now() - toldAt >= TELL_AFTER_MS;
  }
}
