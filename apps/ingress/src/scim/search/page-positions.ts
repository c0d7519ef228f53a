import { LRUCache } from 'lru-cache';

/**
 * Where pages of a plain list begin, as earlier pages showed: a client that walks through a directory in order then gets each
 * page by index, however deep. Only a memory: without it the page is found by counting.
 */
export interface PagePositions {
  /** The id before the resource number `startIndex` (1-based), if a page that ended there was served lately. */
  idBefore(list: string, startIndex: number): string | undefined;
  /** Remembers that `lastId` was resource number `startIndex - 1`. */
  remember(list: string, startIndex: number, lastId: string): void;
}

/** Long enough for a client that works on each page; short, because deletions move resources forward. */
const REMEMBERED_MS = 60_000;

/** Positions of up to 10,000 pages, shared by all lists of a process; `list` names one, such as `<directory id>/Users`. */
export function createPagePositions(): PagePositions {
  const positions = new LRUCache<string, string>({ max: 10_000, ttl: REMEMBERED_MS });
  return {
    idBefore: (list, startIndex) => positions.get(`${list}/${startIndex}`),
    remember: (list, startIndex, lastId) => {
      positions.set(`${list}/${startIndex}`, lastId);
    },
  };
}
