import { PortalError } from './portal-error';

/** Pauses between two questions to a server that fails grow no longer than this. */
const PAUSE_MAX_MS = 60_000;

/** The share of a pause by which the browsers differ that have failed at once. */
const SPREAD = 0.25;

/** What is known of a question that is asked again and again, as the query cache has it. */
export interface Asked {
  /** Times in milliseconds; 0: never. */
  dataUpdatedAt: number;
  errorUpdatedAt: number;
  /** Failures in all. */
  errorUpdateCount: number;
  error: Error | null;
}

/** The failures that each question had when it was answered last. */
const failuresBefore = new WeakMap<object, number>();

/**
 * How long to wait before asking again what is asked for every `intervalMs`: doubled with each failure since the last answer, and not
 * before the server said. The same for the same state, or every drawing of the page would begin the pause anew.
 * @param query what is asked, always the same object
 */
export function pollPauseMs(intervalMs: number, query: { state: Asked }): number {
  const { errorUpdatedAt, error } = query.state;
  const failures = countFailures(query);
  if (failures === 0) return intervalMs;
  const pauseMs = Math.min(intervalMs * 2 ** (failures - 1), PAUSE_MAX_MS);
  const spread = 1 - SPREAD * ((errorUpdatedAt % 1_000) / 1_000);
  return Math.max(pauseMs * spread, intervalMs, retryAfterMs(error));
}

/** Failures since the last answer. */
function countFailures(query: { state: Asked }): number {
  const { dataUpdatedAt, errorUpdatedAt, errorUpdateCount } = query.state;
  if (errorUpdatedAt > dataUpdatedAt) return Math.max(1, errorUpdateCount - (failuresBefore.get(query) ?? 0));
  failuresBefore.set(query, errorUpdateCount);
  return 0;
}

/** How long the server said to wait; 0 when it did not. */
export function retryAfterMs(error: unknown): number {
  return error instanceof PortalError ? (error.retryAfterMs ?? 0) : 0;
}
