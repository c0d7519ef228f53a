import { OpenPack } from '@rollcall/directory';
import type { RecordedRequest } from '@rollcall/directory';

/** Requests that wait to be written at a time, and what their texts may take, in characters: of all directories, and of one. */
export interface BufferLimits {
  all: { rows: number; size: number };
  perDirectory: { rows: number; size: number };
}

export const BUFFER_LIMITS: BufferLimits = {
  all: { rows: 20_000, size: 32 * 1024 * 1024 },
  perDirectory: { rows: 2_000, size: 4 * 1024 * 1024 },
};

/** The half of the room that is left to directories which have taken less than this part of their share. */
const SMALL_PART = 1 / 16;

interface Waiting {
  packs: OpenPack[];
  rows: number;
  size: number;
  /** Requests behind the last one that found no room. */
  missed: number;
}

/** A pack that is complete, and how many requests behind it found no room. */
export interface WaitingPack {
  pack: OpenPack;
  missed: number;
}

/**
 * Keeps requests in memory that is bounded whatever comes, until they are taken. A directory has a share; when half of the room is used,
 * one that has taken little still finds place, so that one directory's flood leaves another's requests in the log.
 */
export class RequestBuffer {
  private waiting = new Map<string, Waiting>();
  private rows = 0;
  private size = 0;

  constructor(private readonly limits: BufferLimits = BUFFER_LIMITS) {}

  /** How many requests wait. */
  get length(): number {
    return this.rows;
  }

  /** Keeps a request; false when there is no room for it, which `take` tells of. */
  add(request: RecordedRequest, size: number): boolean {
    const { directory_id: directoryId } = request;
    const own = this.waiting.get(directoryId) ?? { packs: [], rows: 0, size: 0, missed: 0 };
    const isKept = this.hasRoom(own, size);
    // A directory of which nothing is kept is not remembered either, or made-up ones would fill the memory.
    if (isKept || own.rows > 0) this.waiting.set(directoryId, own);
    if (!isKept) {
      own.missed += 1 + request.not_recorded;
      return false;
    }
    packFor(request, own.packs).add(request);
    own.rows += 1;
    own.size += size;
    this.rows += 1;
    this.size += size;
    return true;
  }

  /** What was kept, those of one directory one after the other. */
  take(): WaitingPack[] {
    const taken = [...this.waiting.values()].flatMap(({ packs, missed }) =>
      packs.map((pack, n) => ({ pack, missed: n === packs.length - 1 ? missed : 0 })),
    );
    this.waiting = new Map();
    [this.rows, this.size] = [0, 0];
    return taken;
  }

  private hasRoom(own: Waiting, size: number): boolean {
    const { all, perDirectory } = this.limits;
    const [rows, ownSize] = [own.rows + 1, own.size + size];
    if (rows > perDirectory.rows || ownSize > perDirectory.size) return false;
    if (this.rows + 1 > all.rows || this.size + size > all.size) return false;
    const isSmall = rows <= perDirectory.rows * SMALL_PART && ownSize <= perDirectory.size * SMALL_PART;
    return isSmall || (this.rows < all.rows / 2 && this.size < all.size / 2);
  }
}

function packFor(request: RecordedRequest, packs: OpenPack[]): OpenPack {
  const last = packs.at(-1);
  if (last?.takes(request)) return last;
  const next = new OpenPack(request);
  packs.push(next);
  return next;
}
