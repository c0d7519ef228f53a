import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { WAIT_LIMIT_MS } from './hang-limit';

export interface WaitOptions {
  /** Default 25. */
  readonly intervalMs?: number;
  /** What is waited for, for the error. */
  readonly what?: string;
  /** What there is to see at the end of a wait that failed, for the error; by default the last answer. */
  readonly saw?: () => unknown;
  /** Only for the test of this function: everybody else waits for as long as nothing hangs. */
  readonly limitMs?: number;
}

/**
 * Asks until the answer is truthy and returns it. Rejects with what it last saw when that does not come, and with the error
 * of a check that throws.
 */
export async function waitUntil<T>(check: () => T | Promise<T>, options: WaitOptions = {}): Promise<NonNullable<T>> {
  const { intervalMs = 25, what = 'what the test waits for', limitMs = WAIT_LIMIT_MS } = options;
  for (const deadline = Date.now() + limitMs; ; await sleep(intervalMs)) {
    const answer = await check();
    if (answer) return answer;
    if (Date.now() < deadline) continue;
    const seen = inspect(options.saw ? options.saw() : answer, { breakLength: 160, maxArrayLength: 20, depth: 4 });
    throw new Error(`${what} did not happen within ${limitMs / 1000} s. Last seen: ${seen}`);
  }
}
