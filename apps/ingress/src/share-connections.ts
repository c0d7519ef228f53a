import { AppError, createShares } from '@rollcall/platform';
import type { Shares, SharesOptions } from '@rollcall/platform';

/** How many connections a process has at most of those pools of SCIM that are shared out. */
export const SCIM_CONNECTIONS = { alone: 8, searches: 4 };

/** So many of a pool are not shared out: look-ups of credentials and notes of their use wait for no directory or environment. */
const SPARE = 2;

/** No request waits longer for its turn: with a statement that gets no answer any more it is answered within 15 s. */
const MAX_WAIT_MS = 5_000;
/** A write of 100,000 members takes seconds, and several may come at once; identity providers wait for a minute. */
const MEMBER_WAIT_MS = 25_000;
/** A search waits so long for others of its directory; then its client is told to send fewer at a time. */
const SEARCH_WAIT_MS = 2_000;

/** SCIM calls that are made alone, by directory: changes of groups among them, which may wait for each other's locks. */
export function shareScim(): Shares {
  return shareAmongDirectories({ capacity: SCIM_CONNECTIONS.alone - SPARE, perKey: 4, maxWaitMs: MAX_WAIT_MS });
}

/**
 * Writes of many members, by directory: each is a statement that works on thousands of rows and changes, and a handful of them would
 * take a small database server's processors from everybody. One at a time makes tens of thousands of rows a second.
 */
export function shareMemberWrites(): Shares {
  return shareAmongDirectories({ capacity: SCIM_CONNECTIONS.alone - SPARE, perKey: 1, maxWaitMs: MEMBER_WAIT_MS });
}

/** Searches that look at every resource, by directory. */
export function shareSearches(): Shares {
  return createShares({
    capacity: SCIM_CONNECTIONS.searches,
    perKey: 1,
    maxWaiting: { all: 100, perKey: 4 },
    maxWaitMs: SEARCH_WAIT_MS,
    overShare: () => tooManyOf('searches', 'directory'),
    overloaded: busy,
  });
}

/** Bytes of resources in answers that are in work at a time, and those of one directory: some pages of the largest size. */
const ANSWER_BYTES = { all: 48_000_000, ofDirectory: 12_000_000 };

/** The memory of SCIM lists and large groups until they are sent, by directory. */
export function shareAnswerBytes(): Shares {
  return shareAmongDirectories({
    capacity: ANSWER_BYTES.all,
    perKey: ANSWER_BYTES.ofDirectory,
    maxWaitMs: MAX_WAIT_MS,
  });
}

/** No import is told that it asks too much: what waits for these is no more than its rate allows. */
function shareAmongDirectories(limits: Pick<SharesOptions, 'capacity' | 'perKey' | 'maxWaitMs'>): Shares {
  return createShares({ ...limits, maxWaiting: { all: 1_000, perKey: 200 }, overShare: busy, overloaded: busy });
}

/** Turns of requests to the management API and the portal, by environment. */
export type Turns = Record<'ordinary' | 'long', Shares>;

/** @param poolSize how many connections there are for all of them */
export function shareTurns(poolSize: number): Turns {
  const long = Math.max(1, Math.floor(poolSize / 3));
  return { ordinary: shareOrdinary(Math.max(1, poolSize - long - SPARE)), long: shareLongReads(long) };
}

function shareOrdinary(capacity: number): Shares {
  return createShares({
    capacity,
    perKey: Math.max(1, capacity - 2),
    maxWaiting: { all: 1_000, perKey: 100 },
    maxWaitMs: MAX_WAIT_MS,
    overShare: () => tooManyOf('requests', 'environment'),
    overloaded: busy,
  });
}

/** Requests that may look at much before they answer: lists of people and the event feed. */
function shareLongReads(capacity: number): Shares {
  return createShares({
    capacity,
    perKey: Math.max(1, Math.floor(capacity / 2)),
    maxWaiting: { all: 200, perKey: 20 },
    maxWaitMs: MAX_WAIT_MS,
    overShare: () => tooManyOf('lists', 'environment'),
    overloaded: busy,
  });
}

/** 429: others of the same directory or environment are in work, which may be told to wait. */
function tooManyOf(what: string, whose: string): AppError {
  return new AppError({
    kind: 'rate_limited',
    code: 'rate_limited',
    message: `Too many ${what} of this ${whose} are in work. Send fewer at a time, and this one again in a moment.`,
    retryAfterSeconds: 1,
  });
}

function busy(): AppError {
  return new AppError({
    kind: 'unavailable',
    code: 'unavailable',
    message: 'The server is busy with other requests. Try again in a few seconds.',
    retryAfterSeconds: 2,
  });
}
