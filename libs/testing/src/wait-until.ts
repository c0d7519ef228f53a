import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** Default 10,000. */
  readonly timeoutMs?: number;
  /** Default 25. */
  readonly intervalMs?: number;
  /** What is waited for, for the error. */
  readonly what?: string;
}

/** Asks until the answer is truthy and returns it. Rejects when that takes longer than the timeout. */
export async function waitUntil<T>(check: () => T | Promise<T>, options: WaitOptions = {}): Promise<NonNullable<T>> {
  const { timeoutMs = 10_000, intervalMs = 25, what = 'what the test waits for' } = options;
  for (const deadline = Date.now() + timeoutMs; ; await sleep(intervalMs)) {
    const answer = await check();
    if (answer) return answer;
    if (Date.now() >= deadline) throw new Error(`${what} did not happen within ${timeoutMs} ms.`);
  }
}
