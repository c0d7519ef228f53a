import { AppError } from '@rollcall/platform';
import { Places } from './places';

/** So long a refusal is held back at most. */
const HOLD_MAX_MS = 1_000;
/** Refusals held back at a time, in all and of one directory; the others are answered at once. */
const PLACES = { max: 1_000, perKey: 32 };

/** Waits before a refusal of a directory is answered, if it is one for having asked for too much. */
export type RefusalHolder = (directoryId: string, refusal: unknown) => Promise<void>;

/**
 * Who is told to wait and does not would be refused some hundred times a second, and refusing takes a processor as well. Its answers
 * come late instead: a loop that waits for its answer goes once a second, and whoever heeds Retry-After notices nothing.
 */
export function createRefusalHolder(): RefusalHolder {
  const places = new Places(PLACES);
  return async (directoryId, refusal) => {
    if (!(refusal instanceof AppError) || refusal.kind !== 'rate_limited') return;
    const place = places.take(directoryId);
    if (typeof place === 'string') return;
    const milliseconds = Math.min((refusal.retryAfterSeconds ?? 0) * 1_000, HOLD_MAX_MS);
    await new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());
    place();
  };
}
