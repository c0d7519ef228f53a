import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '@rollcall/platform';
import { createRefusalHolder } from './hold-refusals';

const tooMany = new AppError({ kind: 'rate_limited', code: 'rate_limited', message: '', retryAfterSeconds: 7 });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** How many of some refusals are answered at once, and how many after a second. */
async function answered(directories: readonly string[], refusal: unknown = tooMany) {
  const hold = createRefusalHolder();
  let done = 0;
  for (const directory of directories) void hold(directory, refusal).then(() => (done += 1));
  await vi.advanceTimersByTimeAsync(0);
  const atOnce = done;
  await vi.advanceTimersByTimeAsync(1_000);
  return { atOnce, afterASecond: done };
}

it('holds a refusal for having asked too much back for a second, and no other', async () => {
  expect(await answered(['a'])).toEqual({ atOnce: 0, afterASecond: 1 });
  expect(await answered(['a'], new Error('another'))).toEqual({ atOnce: 1, afterASecond: 1 });
});

it('holds no more than 32 of a directory and a thousand in all, and answers the others at once', async () => {
  expect(await answered(Array.from({ length: 50 }, () => 'a'))).toEqual({ atOnce: 18, afterASecond: 50 });
  const many = Array.from({ length: 1_200 }, (_, n) => `directory ${n}`);
  expect(await answered(many)).toEqual({ atOnce: 200, afterASecond: 1_200 });
});
