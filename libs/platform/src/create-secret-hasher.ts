import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { LRUCache } from 'lru-cache';
import { AppError } from './app-error';
import { createGuessLimiter } from './create-guess-limiter';
import type { GuessLimiter } from './create-guess-limiter';
import { shareUnderWay } from './share-under-way';

/** A stored hash. `version` changes whenever the secret of that id does. */
export interface StoredHash {
  id: string;
  hash: string;
  version: number | string;
  /** Nothing is stored of the name: the hash is nobody's, there for the time that it takes. */
  isMadeUp?: boolean;
  /** Its owner came from the same address before. */
  isFamiliar?: boolean;
}

/**
 * Hashes and verifies secrets; one for each kind of secret, because it bounds how much of the machine their verification takes.
 *
 * What a person chose can be guessed from a list, so it is stored as argon2id: each guess at a stolen hash costs 19 MiB and tens
 * of milliseconds. The same cost, asked for by whoever sends a wrong secret, would let strangers stop the service. A secret that
 * this program made has 160 random bits: no hash makes it harder to guess, and it is stored as an HMAC-SHA-256, which costs
 * microseconds. Its key, the pepper, is kept sealed by SECRET_KEY, so a stolen table alone does not even tell a right secret
 * from a wrong one.
 */
export interface SecretHasher {
  /** The hash to store of a secret of at least 160 random bits: `hmac-sha256$<base64url>`. */
  hashGenerated(secret: string): string;
  /** The hash to store of a secret that a person chose: `$argon2id$…`, in PHC text form. Throws as `verify` does. */
  hashChosen(secret: string): Promise<string>;
  /**
   * Whether the secret matches the stored hash. A match is remembered, so that the next call costs microseconds. Whether
   * the secret is active is not decided here: the caller reads that with the request's own work.
   * @param stored null when nothing of the name is stored: false, after the same time as for a generated secret
   * @param from the address that the secret came from
   * Throws {@link AppError} of kind `rate_limited` instead of false when too many wrong ones came, for argon2id before it is
   * computed; `unavailable` when too many wait for argon2id.
   */
  verify(secret: string, stored: StoredHash | null, from: string): Promise<boolean>;
  /** Whether the secret matches, found out without argon2id: false for one that needs it. Counts as no guess. */
  matchesAtOnce(secret: string, stored: StoredHash): boolean;
  /** Whether this process has seen the secret match that version; false says nothing. */
  isRemembered(secret: string, stored: Pick<StoredHash, 'id' | 'version'>): boolean;
  /** How many wait for argon2id now. */
  waiting(): number;
}

export interface SecretHasherOptions {
  /** The key of generated secrets' hashes, 32 bytes or more; asked for when the first is hashed. */
  pepper: () => Uint8Array;
  /** How many matches are remembered (default 10,000, about 1 MB). */
  cacheSize?: number;
  /** How many argon2id hashes are computed at a time (default 1; each takes 19 MiB and a pool thread). */
  concurrency?: number;
  /** How many more may wait before callers are refused (default 128). */
  maxWaiting?: number;
  guesses?: GuessLimiter;
  /** Told of each argon2id hash before it is computed. */
  onSlowHash?: (purpose: SlowHash) => void;
}

/** What an argon2id hash is computed for: to be stored, or to verify a secret. */
export type SlowHash = 'store' | 'verify';

/** Memory 19 MiB, 2 passes, 1 lane, argon2id (algorithm 2): the minimum OWASP's password storage cheat sheet names. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const KEYED = 'hmac-sha256$';

/** Whether a stored hash is that of a generated secret. */
export function isKeyedHash(stored: string): boolean {
  return stored.startsWith(KEYED);
}

/** @param options see {@link SecretHasherOptions} */
export function createSecretHasher({
  pepper,
  cacheSize = 10_000,
  concurrency = 1,
  maxWaiting = 128,
  guesses = createGuessLimiter(),
  onSlowHash = () => undefined,
}: SecretHasherOptions): SecretHasher {
  // The cache holds no secret and no plain hash of one: its keys are worthless without this key, which dies with the process.
  const processKey = createSecretKey(randomBytes(32));
  const matches = new LRUCache<string, true>({ max: cacheSize });
  const oncePer = shareUnderWay<boolean>();
  const slowHashes = computeInTurn({ concurrency, maxWaiting, onSlowHash });

  const cacheKey = (secret: string, { id, version }: Pick<StoredHash, 'id' | 'version'>) =>
    createHmac('sha256', processKey)
      .update(JSON.stringify([id, version, secret]))
      .digest('base64');
  const keyedHash = (secret: string) => KEYED + createHmac('sha256', pepper()).update(secret).digest('base64url');

  function matchesKeyed(secret: string, stored: string): boolean {
    const [given, expected] = [Buffer.from(keyedHash(secret)), Buffer.from(stored)];
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  function matchesAtOnce(secret: string, stored: StoredHash): boolean {
    const key = cacheKey(secret, stored);
    if (matches.get(key)) return true;
    if (!isKeyedHash(stored.hash) || !matchesKeyed(secret, stored.hash)) return false;
    matches.set(key, true);
    return true;
  }

  async function verifySlowly(key: string, secret: string, stored: StoredHash, from: string): Promise<boolean> {
    const { id: at, isMadeUp, isFamiliar } = stored;
    const takeBack = guesses.count({ at, from, isMadeUp, isFamiliar });
    const matched = await slowHashes.verify(stored.hash, secret).catch((error: unknown) => {
      // Nobody has looked at it: that is no wrong guess.
      takeBack();
      throw error;
    });
    if (!matched) return false;
    takeBack();
    matches.set(key, true);
    return true;
  }

  return {
    hashGenerated: keyedHash,
    hashChosen: slowHashes.store,
    isRemembered: (secret, stored) => matches.get(cacheKey(secret, stored)) === true,
    matchesAtOnce,
    waiting: slowHashes.waiting,
    async verify(secret, stored, from) {
      if (stored ? matchesAtOnce(secret, stored) : matchesKeyed(secret, NOTHING)) return true;
      if (!stored || isKeyedHash(stored.hash)) {
        guesses.count({ at: stored?.id ?? null, from });
        return false;
      }
      const key = cacheKey(secret, stored);
      return oncePer(key, () => verifySlowly(key, secret, stored, from));
    },
  };
}

/** Argon2id, of which only so much is computed at a time. */
function computeInTurn({
  concurrency,
  maxWaiting,
  onSlowHash,
}: Required<Pick<SecretHasherOptions, 'concurrency' | 'maxWaiting' | 'onSlowHash'>>) {
  const { inTurn, waiting } = createTurnstile(concurrency, maxWaiting);
  return {
    waiting,
    store: (secret: string): Promise<string> =>
      inTurn(() => {
        onSlowHash('store');
        return hash(secret, ARGON2ID);
      }),
    verify: (stored: string, secret: string): Promise<boolean> =>
      inTurn(() => {
        onSlowHash('verify');
        return verify(stored, secret);
      }),
  };
}

/** As long as a keyed hash, and none. */
const NOTHING = KEYED.padEnd(KEYED.length + 43, '.');

/** Runs at most `concurrency` tasks at a time, first come first served; refuses when `maxWaiting` already wait. */
function createTurnstile(concurrency: number, maxWaiting: number) {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function inTurn<T>(task: () => Promise<T>): Promise<T> {
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
  }

  return { inTurn, waiting: () => waiting.length };
}

function overloaded(): AppError {
  return new AppError({
    kind: 'unavailable',
    code: 'verification_overloaded',
    message: 'Too many credentials are being verified. Try again in a second.',
    retryAfterSeconds: 1,
  });
}
