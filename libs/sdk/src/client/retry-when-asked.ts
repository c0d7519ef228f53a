/** How often and how long a client waits because a server asked it to. */
export interface RetryPolicy {
  maxRetries: number;
  /** A longer wait is for the caller to decide: the answer is handed on. */
  maxWaitMs: number;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Rejects when the signal is aborted. */
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Sends a request again while the answer is 429 or 503 with a `Retry-After` (RFC 9110 §10.2.3), after that time and a
 * bounded number of times. Any other answer, and the last one, is handed on.
 */
export async function retryWhenAsked(
  send: () => Promise<Response>,
  { maxRetries, maxWaitMs, now, sleep }: RetryPolicy,
  signal: AbortSignal,
): Promise<Response> {
  for (let retries = 0; ; retries += 1) {
    const response = await send();
    const waitMs = readWait(response, now);
    if (waitMs === null || waitMs > maxWaitMs || retries >= maxRetries) return response;
    await response.body?.cancel();
    await sleep(waitMs, signal);
  }
}

/** The milliseconds that the server asks for; null when it asks for nothing. */
function readWait(response: Response, now: () => number): number | null {
  if (response.status !== 429 && response.status !== 503) return null;
  const text = response.headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = text.endsWith(' GMT') ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? null : Math.max(date - now(), 0);
}

/** Waits; rejects with the signal's reason when it is aborted first. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    }, milliseconds);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
}
