/** Counts what comes, and lets others wait for a number of it. */
export interface CountUp {
  add(): void;
  /** Resolves when so many have come since the last call of `reset`; rejects when none comes any more. */
  reached(wanted: number): Promise<void>;
  reset(): void;
}

const PATIENCE_MS = 30_000;

/** Begins at 0. @param what is counted, for the error when it does not come */
export function createCountUp(what: string): CountUp {
  let count = 0;
  let awaited: { count: number; resolve: () => void } | undefined;
  return {
    add: () => {
      count += 1;
      if (awaited && count >= awaited.count) awaited.resolve();
    },
    reached: (wanted) =>
      new Promise((resolve, reject) => {
        if (count >= wanted) return resolve();
        let before = count;
        const timer = setInterval(() => {
          if (count === before) fail();
          before = count;
        }, PATIENCE_MS);
        const fail = (): void => {
          clearInterval(timer);
          reject(new Error(`${count} of ${wanted} ${what} arrived, then none for ${PATIENCE_MS / 1_000} s`));
        };
        awaited = {
          count: wanted,
          resolve: () => {
            clearInterval(timer);
            resolve();
          },
        };
      }),
    reset: () => {
      count = 0;
      awaited = undefined;
    },
  };
}
