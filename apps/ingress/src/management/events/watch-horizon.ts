import type { Logger, Metrics } from '@rollcall/platform';

/** A drain lasts less than a second; who holds the feed for so long is no part of Rollcall. */
const WARN_AFTER_MS = 30_000;
const WARN_EVERY_MS = 60_000;

/**
 * Watches how long the feed over several directories has shown nothing new because of one transaction that is still open in the
 * database, as a metric and, from half a minute on, in the log. Takes what each read of the feed says.
 */
export function watchHorizon(
  { logger, metrics }: { logger: Logger; metrics: Metrics },
  now: () => number = () => performance.now(),
): (heldBy: string | null) => void {
  let held: { by: string; since: number } | null = null;
  let warned = -Infinity;
  const heldMs = () => (held ? now() - held.since : 0);
  metrics.gauge(
    'rollcall_feed_held_seconds',
    'How long one open transaction in the database has kept later events out of the feed, as of its last read.',
    [],
    (gauge) => gauge.set(heldMs() / 1_000),
  );
  return (heldBy) => {
    if (heldBy !== held?.by) held = heldBy === null ? null : { by: heldBy, since: now() };
    if (heldMs() < WARN_AFTER_MS || now() - warned < WARN_EVERY_MS) return;
    warned = now();
    logger.warn({ transaction_id: heldBy, seconds: Math.round(heldMs() / 1_000) }, 'feed.held_by_open_transaction');
  };
}
