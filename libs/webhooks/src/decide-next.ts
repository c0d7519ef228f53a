import { classifyOutcome } from './classify-outcome';
import type { AttemptOutcome } from './classify-outcome';
import { parseRetryAfter } from './parse-retry-after';

/** One finished attempt and what the decision depends on. */
export interface FinishedAttempt {
  /** 1 for the first attempt. */
  attempt: number;
  outcome: AttemptOutcome;
  /** The `Retry-After` header of the answer, as it came. */
  retryAfter?: string | null;
  /** Seconds to wait after the first, second, … failed attempt. */
  schedule: readonly number[];
  now: Date;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  random: () => number;
}

/** What becomes of a delivery after an attempt. */
export type NextStep =
  | { kind: 'succeeded' }
  /** Send the rest of its messages, at once: the receiver accepts them, so that the schedule has nothing to say. */
  | { kind: 'continue' }
  /** Try again; `delayMs` for PostgreSQL's clock, `at` the same moment by `now`. */
  | { kind: 'retry'; delayMs: number; at: Date }
  /** The schedule has no further attempt. */
  | { kind: 'exhausted' }
  /** Terminal: no later attempt could end otherwise. */
  | { kind: 'failed'; reason: 'blocked_address' }
  /** The receiver answered 410 Gone: disable the endpoint; the delivery waits until it is enabled again. */
  | { kind: 'disable-endpoint'; reason: 'gone' }
  /** The attempt does not count: give the claim back with the same attempt number. */
  | { kind: 'not-counted' };

/** Each wait is spread by this share to both sides, so that deliveries that failed together do not return together. */
const JITTER = 0.2;

/**
 * Decides what follows an attempt. `Retry-After` moves the next attempt later than the schedule, up to 24 hours, and
 * never earlier.
 */
export function decideNext({ attempt, outcome, retryAfter, schedule, now, random }: FinishedAttempt): NextStep {
  switch (classifyOutcome(outcome)) {
    case 'success':
      return { kind: 'succeeded' };
    case 'partial':
      return { kind: 'continue' };
    case 'gone':
      return { kind: 'disable-endpoint', reason: 'gone' };
    case 'blocked':
      return { kind: 'failed', reason: 'blocked_address' };
    case 'aborted':
      return { kind: 'not-counted' };
    case 'retryable': {
      const seconds = schedule[attempt - 1];
      if (seconds === undefined) return { kind: 'exhausted' };
      const scheduled = seconds * 1000 * (1 - JITTER + 2 * JITTER * random());
      const delayMs = Math.round(Math.max(scheduled, parseRetryAfter(retryAfter, now) ?? 0));
      return { kind: 'retry', delayMs, at: new Date(now.getTime() + delayMs) };
    }
  }
}
