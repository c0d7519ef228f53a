import type { Metrics } from '@rollcall/platform';
import type { HintQueue } from './create-hint-queue';

/** Declares the metrics of a process's wake-ups: what became of those that it sent, whether they arrive, and what failed of those that came. */
export function watchQueue(metrics: Metrics, queue: Pick<HintQueue, 'status' | 'counters'>): void {
  metrics.counter(
    'rollcall_hints_total',
    'Wake-ups for workers, by what became of them: sent, merged with another, or dropped (the sweep finds their work).',
    ['result'],
    (counter) => {
      const { sent, merged, dropped } = queue.counters();
      counter.reset();
      counter.inc({ result: 'sent' }, sent);
      counter.inc({ result: 'merged' }, merged);
      counter.inc({ result: 'dropped' }, dropped);
    },
  );
  metrics.counter(
    'rollcall_hint_failures_total',
    'Wake-ups whose work failed; the sweep repeats it.',
    [],
    (counter) => {
      counter.reset();
      counter.inc(queue.counters().failed);
    },
  );
  metrics.gauge(
    'rollcall_queue_up',
    '1 while wake-ups arrive, 0 while work is found by the sweep alone.',
    [],
    (gauge) => gauge.set(queue.status() === 'ok' ? 1 : 0),
  );
}
