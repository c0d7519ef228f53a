import { encodeCrockfordNumber, newId } from '@rollcall/platform';

/** Names of one process in a millisecond and beyond: a number of six characters, which begins again when they are used up. */
const NAMES = 32 ** 6;

/**
 * A function that names requests to which their sender gives no name: in order of time, unlike any other process's names, and cheaper
 * than an id of its own for each request. Without its prefix it is a bare id.
 */
export function createRequestIds(): () => string {
  const process = newId().slice(-10);
  let count = 0;
  let now = 0;
  let time = '';
  return () => {
    if (now !== Date.now()) {
      now = Date.now();
      time = encodeCrockfordNumber(now, 10);
    }
    count = (count + 1) % NAMES;
    return `req_${time}${process}${encodeCrockfordNumber(count, 6)}`;
  };
}
