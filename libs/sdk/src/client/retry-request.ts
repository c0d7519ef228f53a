/** How often and how long a client waits before it sends a request again. */
export interface RetryPolicy {
  maxRetries: number;
  /** A longer wait is for the caller to decide: the answer is handed on. */
  maxWaitMs: number;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Rejects when the signal is aborted. */
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** What a request is, as far as sending it again goes. */
export interface Repeatable {
  signal: AbortSignal;
  /** Whether it may be sent again when nobody knows whether it was carried out. */
  isSafe: boolean;
}

/** The first wait of its own; each further one is twice as long, up to the longest. */
const BACK_OFF_MS = 500;
const BACK_OFF_MS_MAX = 30_000;

/** The longest that a timer takes; it ends at once for more. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/**
 * Sends a request again, a bounded number of times: after the time that a 409, 429 or 503 names with `Retry-After` (RFC 9110
 * §10.2.3), and one that is safe to send again also after 5xx and when no answer came, after a growing time that chance shortens, so
 * that many clients do not come back at once. Any other answer, and the last one, is handed on.
 */
export async function retryRequest(
  send: () => Promise<Response>,
  { signal, isSafe }: Repeatable,
  { maxRetries, maxWaitMs, now, sleep }: RetryPolicy,
): Promise<Response> {
  for (let retries = 0; ; retries += 1) {
    const fullMs = Math.min(BACK_OFF_MS * 2 ** retries, BACK_OFF_MS_MAX);
    const backOffMs = isSafe ? fullMs * (0.5 + Math.random() / 2) : null;
    let waitMs = backOffMs;
    let response: Response | undefined;
    try {
      response = await send();
      const asked = ASKS_TO_WAIT.has(response.status) ? readRetryAfter(response, now) : null;
      waitMs = asked ?? (response.status >= 500 ? backOffMs : null);
      const isTooLong = asked !== null && asked > maxWaitMs;
      if (waitMs === null || isTooLong || retries >= maxRetries) return response;
    } catch (error) {
      if (waitMs === null || signal.aborted || retries >= maxRetries) throw error;
    }
    await response?.body?.cancel();
    await sleep(waitMs, signal);
  }
}

const ASKS_TO_WAIT = new Set([409, 429, 503]);

/** The milliseconds that an answer asks to wait for; null when it asks for nothing. */
export function readRetryAfter({ headers }: Response, now: () => number): number | null {
  const text = headers.get('retry-after')?.trim() ?? '';
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
    const timer = setTimeout(
      () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      },
      Math.min(milliseconds, TIMER_MS_MAX),
    );
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
}
