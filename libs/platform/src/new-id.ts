import { createHash, randomFillSync } from 'node:crypto';
import { decodeCrockfordNumber, encodeCrockford, encodeCrockfordNumber } from './crockford-base32';

/** What an id names at the API boundary; the database holds bare ids. */
export type IdPrefix =
  | 'env'
  | 'org'
  | 'dir'
  | 'diruser'
  | 'dirgroup'
  | 'era'
  | 'evt'
  | 'whe'
  | 'sec'
  | 'lnk'
  | 'hov'
  | 'dlv'
  | 'rpl'
  | 'req'
  | 'clt'
  | 'aud'
  | 'ses'
  | 'mem'
  | 'inv'
  | 'pky'
  | 'con'
  | 'mail';

const BARE_ID = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** Random bytes are drawn in advance: what each draw costs is the call. */
const pool = new Uint8Array(4_096);
let used = pool.length;

function takeRandom(count: number): Uint8Array {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}

const tail = new Uint8Array(10);
let tailTime = -1;

/**
 * A new bare id: a ULID of 26 lower-case Crockford base32 characters, 48 bits of milliseconds, then 80 random bits.
 * Ids made by one process sort by creation, also within one millisecond: there the random part grows by a random step,
 * as the monotonic factory of the ULID specification does with a step of one (which would let a reader guess the next).
 * @param now milliseconds since 1970; the machine's clock unless given
 */
export function newId(now: number = Date.now()): string {
  if (now !== tailTime || !growTail()) {
    tail.set(takeRandom(tail.length));
    // Half of the range stays free, so that growing within one millisecond does not overflow.
    tail[0] = (tail[0] ?? 0) & 0x7f;
    tailTime = now;
  }
  return encodeCrockfordNumber(now, TIME_LENGTH) + encodeCrockford(tail);
}

/** The id of that time which every process gives to the same subject: for one row that several of them write. */
export function idOf(now: number, subject: string): string {
  const hash = createHash('sha256').update(subject).digest();
  return encodeCrockfordNumber(now, TIME_LENGTH) + encodeCrockford(hash.subarray(0, 10));
}

/** How many of an id's characters are its time. */
const TIME_LENGTH = 10;

/** When an id was made. */
export function timeOfId(id: string): Date {
  return new Date(decodeCrockfordNumber(id.slice(0, TIME_LENGTH)));
}

/** What stands before every id that is made in that millisecond or later, and behind every earlier one. */
export function idFloor(time: Date): string {
  return encodeCrockfordNumber(Math.max(time.getTime(), 0), TIME_LENGTH);
}

/** Adds a random 1 … 2^32 to the random part; false when it overflowed. */
function growTail(): boolean {
  const step = takeRandom(4);
  let carry = 1;
  for (let i = tail.length - 1; i >= 0; i -= 1) {
    const sum = (tail[i] ?? 0) + (step[i - 6] ?? 0) + carry;
    tail[i] = sum & 0xff;
    carry = sum >> 8;
  }
  return carry === 0;
}

/** The id as the API shows it: `publicId('dir', id)` → `dir_…`. */
export function publicId(prefix: IdPrefix, id: string): string {
  return `${prefix}_${id}`;
}

/** The bare id in `dir_…`, or null when the text is no id of that prefix (which a boundary answers with 404). */
export function parseId(prefix: IdPrefix, text: string): string | null {
  if (!text.startsWith(`${prefix}_`)) return null;
  const id = text.slice(prefix.length + 1);
  return isBareId(id) ? id : null;
}

/** Whether a text has the form of a bare id, as SCIM ids and the `{key}` of `/scim/{key}/v2` do. */
export function isBareId(text: string): boolean {
  return BARE_ID.test(text);
}
