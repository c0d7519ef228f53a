/** Watches how fast something arrives. */
export interface Pace {
  /** Bytes have arrived, and more are to come; the first time it begins to watch. */
  add(bytes: number): void;
  /** Nothing is expected until {@link Pace.go}. */
  pause(): void;
  go(): void;
  stop(): void;
}

/**
 * Calls `fail` once fewer bytes than wanted arrived within a whole window.
 * @param options.windowMs length of a window in milliseconds
 * @param options.bytesPerSecond asked at the end of each window
 */
export function keepPace(options: { windowMs: number; bytesPerSecond: () => number; fail: () => void }): Pace {
  const { windowMs, bytesPerSecond, fail } = options;
  let timer: NodeJS.Timeout | undefined;
  let arrived = 0;

  function watch(): void {
    arrived = 0;
    // What has arrived while this process was busy is counted before it is judged.
    timer = setTimeout(() => setImmediate(judge), windowMs).unref();
  }

  function judge(): void {
    if (!timer) return;
    if (arrived < (bytesPerSecond() * windowMs) / 1_000) fail();
    else watch();
  }

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  return {
    add(bytes) {
      if (!timer) watch();
      arrived += bytes;
    },
    pause: stop,
    go: () => {
      stop();
      watch();
    },
    stop,
  };
}
