import { setImmediate as others } from 'node:timers/promises';

/** How long work may hold the event loop at a time: what waits for it has some dozen steps to make, each of which may meet it. */
const SLICE_MS = 10;

/**
 * Runs work that says by each `yield` where it may be interrupted, and lets the event loop go on between slices of it. Resolves with
 * what the work returns, rejects with what it throws.
 * @param now milliseconds of a clock that only goes forward
 */
export async function runInSlices<Result>(
  work: Generator<void, Result>,
  now: () => number = () => performance.now(),
): Promise<Result> {
  let ends = now() + SLICE_MS;
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (now() < ends) continue;
    await others();
    ends = now() + SLICE_MS;
  }
}
