/**
 * Runs work that says by each `yield` where it may be interrupted, without an interruption. Returns what the work returns, throws what it
 * throws.
 */
export function runAtOnce<Result>(work: Generator<void, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
