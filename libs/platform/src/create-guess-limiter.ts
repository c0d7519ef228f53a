import { addressBlock } from './address-block';
import { AppError } from './app-error';
import { createTokenBuckets } from './create-token-buckets';

/** One try of a secret. */
export interface Guess {
  /** The id of what it would open; null when there is nothing of the name that was given. */
  at: string | null;
  /** The network address that it came from. */
  from: string;
  /** There is nothing of the name, and that must not be told: it is bounded as if there were, apart from what there is. */
  isMadeUp?: boolean;
  /** Its owner came from that address before: what others guess, there or elsewhere, does not hold it up. */
  isFamiliar?: boolean;
}

/** Slows down who guesses secrets, before their guesses cost anything. */
export interface GuessLimiter {
  /**
   * Counts a guess and returns what takes it back, for one that was right. Throws {@link AppError} `too_many_attempts` with the
   * time to wait when too many were made from there or at that secret.
   */
  count: (guess: Guess) => () => void;
}

/** From one address: twenty at once, then one in two seconds. */
const FROM_ONE_ADDRESS = { capacity: 20, perSecond: 0.5 };
/** At one secret, by addresses that guessed before. Above what two addresses can do, so that no single one shuts others out. */
const AGAIN = { capacity: 60, perSecond: 1 };
/** At one secret, by addresses that have not guessed lately: the rightful owner is among these. */
const FIRST = { capacity: 30, perSecond: 2 };

/**
 * Bounds guesses by address and by secret. Guesses at one secret have two bounds, that the owner who comes with the right one from
 * an address of its own is not shut out by strangers who guess on and on. What does not exist is bounded by address only, so that
 * made-up names push no real one out of memory.
 * @param options.now milliseconds of a clock that does not go back
 */
export function createGuessLimiter({ now }: { now?: () => number } = {}): GuessLimiter {
  const addresses = createTokenBuckets({ ...FROM_ONE_ADDRESS, now });
  const first = createTokenBuckets({ ...FIRST, now });
  const again = createTokenBuckets({ ...AGAIN, now });
  const madeUp = { first: createTokenBuckets({ ...FIRST, now }), again: createTokenBuckets({ ...AGAIN, now }) };
  const familiar = createTokenBuckets({ ...FROM_ONE_ADDRESS, now });

  function countFamiliar(pair: string): () => void {
    const seconds = familiar.secondsUntilOne(pair);
    if (seconds > 0) throw tooManyAttempts(Math.ceil(seconds));
    familiar.take(pair);
    return () => familiar.giveBack(pair);
  }

  return {
    count({ at, from, isMadeUp = false, isFamiliar = false }) {
      const address = addressBlock(from);
      if (isFamiliar) return countFamiliar(JSON.stringify([at, address]));
      const buckets = isMadeUp ? madeUp : { first, again };
      const secrets = addresses.isFull(address) ? buckets.first : buckets.again;
      const seconds = Math.max(addresses.secondsUntilOne(address), at === null ? 0 : secrets.secondsUntilOne(at));
      if (seconds > 0) throw tooManyAttempts(Math.ceil(seconds));
      addresses.take(address);
      if (at !== null) secrets.take(at);
      return () => {
        addresses.giveBack(address);
        if (at !== null) secrets.giveBack(at);
      };
    },
  };
}

function tooManyAttempts(retryAfterSeconds: number): AppError {
  return new AppError({
    kind: 'rate_limited',
    code: 'too_many_attempts',
    message: `Too many wrong credentials. Check them, and try again in ${retryAfterSeconds} s.`,
    retryAfterSeconds,
  });
}
