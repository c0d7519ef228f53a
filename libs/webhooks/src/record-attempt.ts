/** The health of an endpoint: plain JSON, stored with the endpoint, so that a restart forgives nothing. Times are ms since 1970. */
export interface EndpointHealth {
  consecutiveFailures: number;
  /** When the current run of nothing but failures began; null after a success. */
  failingSince: number | null;
  /** The last attempts, oldest first: `0` success, `1` failure; at most 100. */
  recent: string;
  /** While the breaker is open: when the next probe may go out. Null = closed. */
  coolingUntil: number | null;
  /** The highest warning given in the current run, in percent of the window after which the endpoint is disabled. */
  warnedPercent: number;
}

/** What the caller should do or announce because of an attempt. */
export type HealthSignal =
  | { kind: 'breaker-opened'; reason: 'consecutive-failures' | 'failure-rate' }
  | { kind: 'breaker-closed' }
  /** The endpoint has failed for `percent` of the time after which it is disabled. */
  | { kind: 'failing'; percent: 50 | 75 | 90 }
  /** It delivers again after its breaker was open or a warning was given. */
  | { kind: 'recovered'; failingSince: Date }
  | { kind: 'disable-endpoint'; failingSince: Date };

export const HEALTHY: EndpointHealth = {
  consecutiveFailures: 0,
  failingSince: null,
  recent: '',
  coolingUntil: null,
  warnedPercent: 0,
};

/** While the breaker is open, one probe goes out in this time. */
export const PROBE_INTERVAL_MS = 60_000;
/** After this long with failures only, the endpoint is disabled: 5 days. */
export const DISABLE_AFTER_MS = 5 * 86_400_000;

const CONSECUTIVE_LIMIT = 20;
/** Twenty parallel failures of one moment are one incident, not twenty. */
const CONSECUTIVE_MIN_MS = 10_000;
const WINDOW = 100;
const WINDOW_FAILURE_LIMIT = 60;
const WARNINGS = [90, 75, 50] as const;

/**
 * The health after one counted attempt, and the signals that follow from it. The breaker opens after 20 consecutive
 * failures over at least 10 s, or when 60 of the last 100 attempts failed; one success closes it with a clean window.
 * Attempts that were aborted by us or never sent are not recorded.
 */
export function recordAttempt(
  health: EndpointHealth,
  attempt: { succeeded: boolean; at: Date },
): { health: EndpointHealth; signals: HealthSignal[] } {
  return attempt.succeeded ? recordSuccess(health, attempt.at) : recordFailure(health, attempt.at.getTime());
}

function recordSuccess(health: EndpointHealth, at: Date): { health: EndpointHealth; signals: HealthSignal[] } {
  const { coolingUntil, failingSince, warnedPercent } = health;
  const recovered: HealthSignal = { kind: 'recovered', failingSince: new Date(failingSince ?? at) };
  if (coolingUntil !== null) return { health: HEALTHY, signals: [{ kind: 'breaker-closed' }, recovered] };
  return {
    health: { ...HEALTHY, recent: remember(health.recent, '0') },
    signals: warnedPercent > 0 ? [recovered] : [],
  };
}

function recordFailure(health: EndpointHealth, at: number): { health: EndpointHealth; signals: HealthSignal[] } {
  const failingSince = health.failingSince ?? at;
  const next: EndpointHealth = {
    consecutiveFailures: health.consecutiveFailures + 1,
    failingSince,
    recent: remember(health.recent, '1'),
    coolingUntil: health.coolingUntil,
    warnedPercent: health.warnedPercent,
  };
  const signals: HealthSignal[] = [];

  const reason = next.coolingUntil === null ? reasonToOpen(next, at) : null;
  if (reason) signals.push({ kind: 'breaker-opened', reason });
  if (reason || (next.coolingUntil !== null && next.coolingUntil <= at)) next.coolingUntil = at + PROBE_INTERVAL_MS;

  if (at - failingSince >= DISABLE_AFTER_MS) {
    signals.push({ kind: 'disable-endpoint', failingSince: new Date(failingSince) });
    return { health: next, signals };
  }
  const percent = WARNINGS.find((share) => at - failingSince >= (DISABLE_AFTER_MS * share) / 100);
  if (percent !== undefined && percent > next.warnedPercent) {
    next.warnedPercent = percent;
    signals.push({ kind: 'failing', percent });
  }
  return { health: next, signals };
}

function reasonToOpen(health: EndpointHealth, at: number): 'consecutive-failures' | 'failure-rate' | null {
  const failingFor = at - (health.failingSince ?? at);
  if (health.consecutiveFailures >= CONSECUTIVE_LIMIT && failingFor >= CONSECUTIVE_MIN_MS)
    return 'consecutive-failures';
  const failures = health.recent.split('1').length - 1;
  return health.recent.length === WINDOW && failures >= WINDOW_FAILURE_LIMIT ? 'failure-rate' : null;
}

function remember(recent: string, result: '0' | '1'): string {
  return (recent + result).slice(-WINDOW);
}

/** Whether a delivery may go out now. A `probe` must be stored (its `health`) before it is sent, so that only one goes. */
export type SendPermission =
  | { kind: 'send' }
  | { kind: 'probe'; health: EndpointHealth }
  | { kind: 'wait'; until: Date };

/** What the breaker allows at `now`. Waiting spends no attempt. */
export function permitSend(health: EndpointHealth, now: Date): SendPermission {
  if (health.coolingUntil === null) return { kind: 'send' };
  if (health.coolingUntil > now.getTime()) return { kind: 'wait', until: new Date(health.coolingUntil) };
  return { kind: 'probe', health: { ...health, coolingUntil: now.getTime() + PROBE_INTERVAL_MS } };
}

/** After a probe for which there was nothing to send, and which therefore has asked nothing: the next one goes at `now`. */
export function returnProbe(health: EndpointHealth, now: Date): EndpointHealth {
  return health.coolingUntil === null ? health : { ...health, coolingUntil: now.getTime() };
}

/** Reads stored health; absent or unreadable fields (`{}` of a new endpoint) are those of a healthy endpoint. */
export function readHealth(stored: Readonly<Record<string, unknown>>): EndpointHealth {
  const { consecutiveFailures, failingSince, recent, coolingUntil, warnedPercent } = stored;
  return {
    consecutiveFailures: typeof consecutiveFailures === 'number' ? consecutiveFailures : 0,
    failingSince: typeof failingSince === 'number' ? failingSince : null,
    recent: typeof recent === 'string' ? recent : '',
    coolingUntil: typeof coolingUntil === 'number' ? coolingUntil : null,
    warnedPercent: typeof warnedPercent === 'number' ? warnedPercent : 0,
  };
}
