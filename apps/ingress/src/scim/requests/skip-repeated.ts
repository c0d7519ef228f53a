import { LRUCache } from 'lru-cache';

const ONCE_PER_MS = 60_000;
const DIRECTORIES = 10_000;

/**
 * Leaves out requests that were over a limit but for one a minute of each directory: a provider that does not slow down is refused
 * cheaply, and each entry in the log would cost the others what the limit saves. How many were left out is told with the next entry.
 */
export class RepeatedRefusals {
  private readonly recent = new LRUCache<string, { recordedAt: number; skipped: number }>({ max: DIRECTORIES });

  /** Whether an answer is to be left out; it is counted then. `now` in milliseconds. */
  skip(directoryId: string, status: number, now: number): boolean {
    if (status !== 429) return false;
    const recent = this.recent.get(directoryId);
    if (recent && now - recent.recordedAt < ONCE_PER_MS) {
      recent.skipped += 1;
      return true;
    }
    this.recent.set(directoryId, { recordedAt: now, skipped: recent?.skipped ?? 0 });
    return false;
  }

  /** How many of a directory were left out since this was asked last. */
  takeSkipped(directoryId: string): number {
    const recent = this.recent.get(directoryId);
    if (!recent) return 0;
    const { skipped } = recent;
    recent.skipped = 0;
    return skipped;
  }
}
