import { LRUCache } from 'lru-cache';

/** After this time what was done counts for a third. */
const REMEMBERED_MS = 2_000;
/** Others who have done less than this within that time are not there. */
const PRESENT_MS = 1;
/** So many times as long as it worked an owner rests who does more than all others together: it works a quarter of the time. */
const REST_FACTOR = 3;
/** Nobody rests longer at a time. */
const REST_MAX_MS = 1_000;
/** Owners whose work is remembered. */
const MAX_OWNERS = 10_000;

/** What an owner has done in a turn. */
export interface Turn {
  owner: string;
  /** About how many milliseconds it takes on a machine that has nothing else to do: what it took says how busy the machine was. */
  workMs: number;
  /** How long it took. */
  tookMs: number;
  /** When it ended, by a clock that does not go back. */
  atMs: number;
}

/** Takes note of a turn and says how many milliseconds its owner rests; 0 = not at all. */
export type RestOfOwner = (turn: Turn) => number;

interface Work {
  ms: number;
  at: number;
}

/**
 * Who does more than all others together makes room for them while there are any: turns in rotation alone leave it all that they do
 * not use at the moment, and what it has begun then slows them down when they come. Who is alone never rests.
 */
export function restOfOwner(): RestOfOwner {
  const done = new LRUCache<string, Work>({ max: MAX_OWNERS });
  let all: Work = { ms: 0, at: 0 };
  return ({ owner, workMs, tookMs, atMs }) => {
    const own = { ms: remembered(done.get(owner), atMs) + workMs, at: atMs };
    done.set(owner, own);
    all = { ms: remembered(all, atMs) + workMs, at: atMs };
    const others = all.ms - own.ms;
    return others >= PRESENT_MS && own.ms > others ? Math.min(tookMs * REST_FACTOR, REST_MAX_MS) : 0;
  };
}

function remembered(work: Work | undefined, atMs: number): number {
  return work ? work.ms * Math.exp(Math.min(0, work.at - atMs) / REMEMBERED_MS) : 0;
}
