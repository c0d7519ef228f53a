import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepPace } from './keep-pace';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start() {
  const fail = vi.fn<() => void>();
  return { fail, pace: keepPace({ windowMs: 2_000, bytesPerSecond: () => 10, fail }) };
}

it('fails what arrives too slowly, and nothing that does not begin or keeps up', async () => {
  const { fail, pace } = start();
  await vi.advanceTimersByTimeAsync(10_000);
  for (let seconds = 0; seconds < 10; seconds++) {
    pace.add(10);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(fail).not.toHaveBeenCalled();
  pace.add(5);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(fail).toHaveBeenCalledTimes(1);
});

it('expects nothing while it pauses, and nothing after it was stopped', async () => {
  const { fail, pace } = start();
  pace.add(1);
  pace.pause();
  await vi.advanceTimersByTimeAsync(10_000);
  pace.go();
  pace.add(20);
  await vi.advanceTimersByTimeAsync(1_000);
  pace.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(fail).not.toHaveBeenCalled();
});
