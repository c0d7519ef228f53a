/** Lines wait for others for so long at most. */
const WAIT_MS = 100;
/** So many characters are written at once. */
const SIZE = 8 * 1024;

/** Takes lines, each with its end. */
export interface GatheredLines {
  write(line: string): void;
  /** Writes what waits, now. */
  flush(): void;
}

/**
 * Writes lines many at once: to write one costs a system call, which was a twentieth of what a small request takes. Of a process that is
 * killed the last moment is lost; one that ends by itself calls `flush`.
 */
export function gatherLines(write: (text: string) => void): GatheredLines {
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    write(text);
  }

  return {
    write: (line) => {
      waiting += line;
      if (waiting.length >= SIZE) flush();
      else timer ??= setTimeout(flush, WAIT_MS).unref();
    },
    flush,
  };
}
