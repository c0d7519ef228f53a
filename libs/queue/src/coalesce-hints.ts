/** A hint that is repeated within this time is sent once more at its end, instead of each time. */
export const COALESCE_MS = 20;

export interface HintCoalescer<T> {
  /** Sends the hint now, or with the next one of its slot. */
  push(slot: string, hint: T): void;
  /** Sends what is held back. */
  flush(): void;
}

/**
 * Lets the first hint of a slot through and merges those that follow closely into one. A directory under load gets a
 * wake-up some fifty times a second rather than one for every write, and since the merged hint is sent after the last
 * of them, whoever it wakes sees all their changes.
 */
export function coalesceHints<T extends object>(
  send: (hint: T) => void,
  onMerged: () => void = () => undefined,
): HintCoalescer<T> {
  const windows = new Map<string, { next?: T; timer: NodeJS.Timeout }>();

  function push(slot: string, hint: T): void {
    const window = windows.get(slot);
    if (window) {
      if (window.next) onMerged();
      window.next = hint;
      return;
    }
    windows.set(slot, { timer: setTimeout(() => end(slot), COALESCE_MS).unref() });
    send(hint);
  }

  function end(slot: string): void {
    const next = windows.get(slot)?.next;
    windows.delete(slot);
    if (next) push(slot, next);
  }

  return {
    push,
    flush: () => {
      for (const [slot, { next, timer }] of windows) {
        clearTimeout(timer);
        windows.delete(slot);
        if (next) send(next);
      }
    },
  };
}
