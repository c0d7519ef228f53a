import { LRUCache } from 'lru-cache';
import { TOKEN_REFUSALS } from '@rollcall/contract';
import type { RefusalReason } from '@rollcall/contract';
import type { CountedRefusal } from '@rollcall/management';
import { KnownRows } from '../../http/known-rows';

/** What is counted for one reason is written no more often than this, for each directory. */
const WRITE_EVERY_MS = 60_000;
const WRITTEN_MAX = 11_000;

/** A refusal as it is counted. */
export interface Refusal {
  /** Bare id. */
  directoryId: string;
  reason: RefusalReason;
  status: number;
  scimType: string | null;
  /** It came with a token of the form that this server gives out, and not with what anybody may have made up. */
  isToken: boolean;
}

/**
 * Counts what identity providers are refused until it is written: the first at once, what follows within a minute together. In memory
 * that is bounded whatever comes.
 */
export class RefusalCounter {
  private readonly rows = new KnownRows<CountedRefusal>();
  /** When each was written last, in milliseconds. */
  private readonly written = new LRUCache<string, number>({ max: WRITTEN_MAX });

  add(refusal: Refusal, now: Date): void {
    const id = idOf(refusal.directoryId, refusal.reason);
    const row = this.rows.find(id);
    const isToken = refusal.isToken || row?.isToken === true;
    if (row) Object.assign(row, refusal, { isToken, count: row.count + 1, lastTime: now });
    else this.rows.insert(id, refusal.directoryId, { ...refusal, count: 1, firstTime: now, lastTime: now });
  }

  /** A request with a token of the directory was accepted: what was refused before it, and is not written yet, is over. */
  accepted(directoryId: string): void {
    if (this.rows.isEmpty) return;
    for (const reason of TOKEN_REFUSALS) this.rows.delete(idOf(directoryId, reason));
  }

  /** What is to be written at `now`. */
  takeDue(now: Date): CountedRefusal[] {
    const time = now.getTime();
    const isDue = (id: string) => time - (this.written.get(id) ?? -Infinity) >= WRITE_EVERY_MS;
    const due = this.rows.take(isDue);
    for (const { directoryId, reason } of due) this.written.set(idOf(directoryId, reason), time);
    return due;
  }

  /** All that is not written yet, before the end. */
  takeAll(): CountedRefusal[] {
    return this.rows.take();
  }

  /** Takes in that a directory exists: ids that are made up do not displace it from now on. */
  know(directoryId: string): void {
    this.rows.know(directoryId);
  }
}

function idOf(directoryId: string, reason: RefusalReason): string {
  return `${directoryId} ${reason}`;
}
