import { LRUCache } from 'lru-cache';

/** Token buckets in the memory of one process, one for each key. */
export interface TokenBuckets {
  /** Seconds until the key's bucket has a token; 0 when there is one. Takes nothing. */
  secondsUntilOne(key: string): number;
  /** Takes a token, whether there is one or not: what is overdrawn must flow in first. */
  take(key: string): void;
  giveBack(key: string): void;
  /** Whether nothing is missing from the key's bucket. */
  isFull(key: string): boolean;
}

export interface TokenBucketOptions {
  /** Tokens in a full bucket. */
  capacity: number;
  /** Tokens that flow in. */
  perSecond: number;
  /** Buckets that are kept; the one that was longest unused is forgotten, and so full again. Default 10,000, about 2 MB. */
  maxKeys?: number;
  /** Milliseconds of a clock that does not go back. */
  now?: () => number;
}

/** @param options see {@link TokenBucketOptions} */
export function createTokenBuckets({
  capacity,
  perSecond,
  maxKeys = 10_000,
  now = () => performance.now(),
}: TokenBucketOptions): TokenBuckets {
  const buckets = new LRUCache<string, { tokens: number; at: number }>({ max: maxKeys });

  function tokensOf(key: string): number {
    const bucket = buckets.get(key);
    return bucket ? Math.min(capacity, bucket.tokens + ((now() - bucket.at) / 1_000) * perSecond) : capacity;
  }

  return {
    secondsUntilOne: (key) => Math.max(0, (1 - tokensOf(key)) / perSecond),
    take: (key) => void buckets.set(key, { tokens: tokensOf(key) - 1, at: now() }),
    giveBack: (key) => void buckets.set(key, { tokens: Math.min(capacity, tokensOf(key) + 1), at: now() }),
    isFull: (key) => tokensOf(key) >= capacity,
  };
}
