/** Says to running work that it was requested again. */
export interface WakeSignal {
  /** Resolves when the work is requested again, or at once when it was requested after the last `acknowledge`. */
  again(): Promise<void>;
  /** The work now does everything that was requested so far. */
  acknowledge(): void;
}

/**
 * Runs work at most once per key at a time in this process. A call for a key that is running waits for that run; when it was
 * requested again meanwhile and the work has not acknowledged it, the key runs once more, so that no request during a run is
 * missed.
 */
export class RunOncePerKey {
  private readonly running = new Map<string, Run>();

  async run(key: string, work: (wakeSignal: WakeSignal) => Promise<void>): Promise<void> {
    const current = this.running.get(key);
    if (current) {
      current.request();
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

  isRunning(key: string): boolean {
    return this.running.has(key);
  }

  private async loop(key: string, run: Run, work: (wakeSignal: WakeSignal) => Promise<void>): Promise<void> {
    try {
      do {
        run.acknowledge();
        await work(run);
      } while (run.isRequested);
    } finally {
      this.running.delete(key);
    }
  }
}

class Run implements WakeSignal {
  done = Promise.resolve();
  isRequested = false;
  private wake: () => void = () => undefined;

  request(): void {
    this.isRequested = true;
    this.wake();
  }

  /** A promise for each call: one that outlasted many waits would hold on to all of them. */
  again(): Promise<void> {
    return this.isRequested ? Promise.resolve() : new Promise((resolve) => (this.wake = resolve));
  }

  acknowledge(): void {
    this.isRequested = false;
  }
}
