import type { FinishedDelivery } from '@rollcall/pipeline-store';
import type { Metrics } from '@rollcall/platform';

/** Measures what a worker does, for its metrics. */
export interface WorkMeter {
  /** A batch of a directory was drained. */
  drained(batch: { changes: number; events: number; setAside: number; seconds: number }): void;
  /** An attempt to deliver has ended. `latencyMs`: from the commit to its beginning; null unless it was the first of a live event. */
  attempted(attempt: FinishedDelivery, latencyMs: number | null): void;
  /** A delivery was not sent, because its lease would have ended under way. */
  tooLate(): void;
}

/** A minute and more: how late an event was, when its receiver or we were away. */
const LATENCY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200];

/** Declares the metrics of a worker's work. */
export function measureWork(metrics: Metrics): WorkMeter {
  const changes = metrics.counter('rollcall_changes_drained_total', 'Changes of directories that became events.');
  const events = metrics.counter('rollcall_events_published_total', 'Events that were published.');
  const setAside = metrics.counter(
    'rollcall_changes_set_aside_total',
    'Changes that could not become events and are tried again later.',
  );
  const drains = metrics.histogram(
    'rollcall_drain_batch_seconds',
    'How long a batch of changes took to become events.',
  );
  const attempts = metrics.counter(
    'rollcall_delivery_attempts_total',
    'Attempts to deliver an event, by outcome (succeeded, retried, or failed for good) and reason.',
    ['outcome', 'reason'],
  );
  const durations = metrics.histogram(
    'rollcall_delivery_attempt_seconds',
    'How long an attempt to deliver took, from the look-up of the name to the end of the answer.',
    ['outcome'],
  );
  const latencies = metrics.histogram(
    'rollcall_delivery_latency_seconds',
    'From the commit of a change to the first attempt to deliver its event.',
    [],
    LATENCY_BUCKETS,
  );
  const tooLate = metrics.counter(
    'rollcall_deliveries_too_late_total',
    'Deliveries that a worker took and left to another, because it had stood still until their lease was nearly over.',
  );
  return {
    drained: (batch) => {
      changes.inc(batch.changes);
      events.inc(batch.events);
      setAside.inc(batch.setAside);
      drains.observe(batch.seconds);
    },
    attempted: (attempt, latencyMs) => {
      const { state } = attempt.fate;
      // Ours to abort: no attempt.
      if (state === 'released') return;
      const outcome = OUTCOMES[state];
      attempts.inc({ outcome, reason: reasonOf(attempt) });
      const { total } = attempt.phases;
      if (typeof total === 'number') durations.observe({ outcome }, total / 1_000);
      if (latencyMs !== null) latencies.observe(Math.max(0, latencyMs) / 1_000);
    },
    tooLate: () => tooLate.inc(),
  };
}

const OUTCOMES = {
  succeeded: 'succeeded',
  pending: 'retried',
  failed: 'failed',
} as const;

/** What went wrong, or the class of the status that came. */
function reasonOf({ error, status }: FinishedDelivery): string {
  return error ?? (status === null ? 'none' : `${Math.floor(status / 100)}xx`);
}
