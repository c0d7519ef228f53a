/** Lets work that runs hear that it is asked for again. */
export interface Asked {
  /** Resolves when the work is asked for again, at once when it was since the last `heed`. */
  again(): Promise<void>;
  /** What was asked for until now is being done. */
  heed(): void;
}

/**
 * Runs work at most once per key at a time in this process. A call for a key that is running waits for that run; when it was
 * asked for again meanwhile and the work has not heeded it, the key runs once more, so that nothing said during a run is missed.
 */
export class RunOncePerKey {
  private readonly running = new Map<string, Run>();

  async run(key: string, work: (asked: Asked) => Promise<void>): Promise<void> {
    const current = this.running.get(key);
    if (current) {
      current.ask();
      return current.done;
    }
    const run = new Run();
    run.done = this.loop(key, run, work);
    this.running.set(key, run);
    return run.done;
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.running.values()].map(({ done }) => done));
  }

  get size(): number {
    return this.running.size;
  }

  private async loop(key: string, run: Run, work: (asked: Asked) => Promise<void>): Promise<void> {
    try {
      do {
        run.heed();
        await work(run);
      } while (run.isAsked);
    } finally {
      this.running.delete(key);
    }
  }
}

class Run implements Asked {
  done = Promise.resolve();
  isAsked = false;
  private wake: () => void = () => undefined;

  ask(): void {
    this.isAsked = true;
    this.wake();
  }

  /** A promise for each call: one that outlasted many waits would hold on to all of them. */
  again(): Promise<void> {
    return this.isAsked ? Promise.resolve() : new Promise((resolve) => (this.wake = resolve));
  }

  heed(): void {
    this.isAsked = false;
  }
}
