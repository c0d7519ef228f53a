/** One alarm per key at a time: setting it again replaces it. An alarm that is lost with the process is the sweeper's to replace. */
export class AlarmPerKey {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  /** Calls `ring` once after `delayMs`. */
  set(key: string, delayMs: number, ring: () => void): void {
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(
        () => {
          this.timers.delete(key);
          ring();
        },
        Math.max(0, delayMs),
      ),
    );
  }

  /** Takes all alarms back. */
  clear(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
