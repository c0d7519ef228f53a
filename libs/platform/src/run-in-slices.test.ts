import { expect, it } from 'vitest';
import { runInSlices } from './run-in-slices';

/** A clock that every step of the work moves on. */
function* work(clock: { now: number }, steps: number, msEach: number): Generator<void, string> {
  for (let step = 0; step < steps; step++) {
    clock.now += msEach;
    yield;
  }
  return 'done';
}

/** How often others had their turn while work ran, by the event loop's own count. */
async function interruptions(steps: number, msEach: number): Promise<number> {
  const clock = { now: 0 };
  let count = 0;
  let running = true;
  const others = () => {
    if (!running) return;
    count += 1;
    setImmediate(others);
  };
  setImmediate(others);
  expect(await runInSlices(work(clock, steps, msEach), () => clock.now)).toBe('done');
  running = false;
  return count;
}

it('lets others go on after each slice of ten milliseconds, however long the work is', async () => {
  expect(await interruptions(1_000, 1)).toBeGreaterThanOrEqual(99);
});

it('does not interrupt work that is shorter than a slice', async () => {
  expect(await interruptions(9, 1)).toBe(0);
});

it('fails as the work does', async () => {
  // oxlint-disable-next-line require-yield -- it fails before its first step
  const failing = (function* (): Generator<void, never> {
    throw new Error('no');
  })();
  await expect(runInSlices(failing)).rejects.toThrow('no');
});
