import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { LRUCache } from 'lru-cache';
import { AppError } from './app-error';

/** A stored argon2id hash. `version` changes whenever the hash of that id does. */
export interface StoredHash {
  id: string;
  hash: string;
  version: number | string;
}

/** Hashes and verifies secrets; one per process. */
export interface SecretHasher {
  /** The argon2id hash to store, in PHC text form. */
  hash(secret: string): Promise<string>;
  /**
   * Whether the secret matches the stored hash. A match is remembered, so that the next call costs microseconds. Whether
   * the secret is active is not decided here: the caller reads that with the request's own work. Throws
   * {@link AppError} of kind `unavailable` when too many verifications wait.
   */
  verify(secret: string, stored: StoredHash): Promise<boolean>;
  /** Whether this process has seen the secret match that version; false says nothing. */
  isRemembered(secret: string, stored: Pick<StoredHash, 'id' | 'version'>): boolean;
}

/** Memory 19 MiB, 2 passes, 1 lane, argon2id (algorithm 2): the minimum OWASP's password storage cheat sheet names. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * @param options.cacheSize how many matches are remembered (default 10,000, about 1 MB)
 * @param options.concurrency how many hashes are computed at a time (default 2; each takes 19 MiB and a pool thread)
 * @param options.maxWaiting how many more may wait before callers are refused (default 256)
 */
export function createSecretHasher(
  options: { cacheSize?: number; concurrency?: number; maxWaiting?: number } = {},
): SecretHasher {
  const { cacheSize = 10_000, concurrency = 2, maxWaiting = 256 } = options;
  // The cache holds no secret and no plain hash of one: its keys are worthless without this key, which dies with the process.
  const processKey = createSecretKey(randomBytes(32));
  const matches = new LRUCache<string, true>({ max: cacheSize });
  const underWay = new Map<string, Promise<boolean>>();
  const inTurn = createTurnstile(concurrency, maxWaiting);

  const cacheKey = (secret: string, { id, version }: Pick<StoredHash, 'id' | 'version'>) =>
    createHmac('sha256', processKey)
      .update(JSON.stringify([id, version, secret]))
      .digest('base64');

  async function verifyOnce(key: string, secret: string, stored: StoredHash): Promise<boolean> {
    const matched = await inTurn(() => verify(stored.hash, secret));
    if (matched) matches.set(key, true);
    return matched;
  }

  return {
    hash: (secret) => inTurn(() => hash(secret, ARGON2ID)),
    isRemembered: (secret, stored) => matches.get(cacheKey(secret, stored)) === true,
    verify(secret, stored) {
      const key = cacheKey(secret, stored);
      if (matches.get(key)) return Promise.resolve(true);
      let verification = underWay.get(key);
      if (!verification) {
        verification = verifyOnce(key, secret, stored).finally(() => underWay.delete(key));
        underWay.set(key, verification);
      }
      return verification;
    },
  };
}

/** Runs at most `concurrency` tasks at a time, first come first served; refuses when `maxWaiting` already wait. */
function createTurnstile(concurrency: number, maxWaiting: number) {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async function inTurn<T>(task: () => Promise<T>): Promise<T> {
    if (running < concurrency) running += 1;
    else {
      if (waiting.length >= maxWaiting) throw overloaded();
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      return await task();
    } finally {
      // A finished task hands its place to the next, so `running` stays as it is.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

function overloaded(): AppError {
  return new AppError({
    kind: 'unavailable',
    code: 'verification_overloaded',
    message: 'Too many credentials are being verified. Try again in a second.',
    retryAfterSeconds: 1,
  });
}
