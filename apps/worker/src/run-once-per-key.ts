/**
 * Runs work at most once per key at a time in this process. A call for a key that is running waits for that run; when it was
 * asked for again meanwhile, the key runs once more, so that nothing said during a run is missed.
 */
export class RunOncePerKey {
  private readonly running = new Map<string, { done: Promise<void>; again: boolean }>();

  async run(key: string, work: () => Promise<void>): Promise<void> {
    const current = this.running.get(key);
    if (current) {
      current.again = true;
      return current.done;
    }
    const entry = { done: Promise.resolve(), again: false };
    entry.done = this.loop(key, entry, work);
    this.running.set(key, entry);
    return entry.done;
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.running.values()].map(({ done }) => done));
  }

  get size(): number {
    return this.running.size;
  }

  private async loop(key: string, entry: { again: boolean }, work: () => Promise<void>): Promise<void> {
    try {
      do {
        entry.again = false;
        await work();
      } while (entry.again);
    } finally {
      this.running.delete(key);
    }
  }
}
