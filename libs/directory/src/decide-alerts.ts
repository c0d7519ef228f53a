import { decideHealth } from './decide-health';
import type { Health, HealthFacts, HealthSecret } from './decide-health';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Nobody is told of what may be over by the time that they look. */
const LASTING_MS = HOUR_MS;
/** Requests that were refused longer ago are no longer refused: nothing comes. */
const STILL_MS = HOUR_MS;
/** A directory without a token for longer is one that nobody uses. */
const ENDED_MAX_MS = 14 * DAY_MS;
/** A token that lives no longer is renewed by a machine, again and again. */
const SHORT_LIFE_MS = 14 * DAY_MS;
/** The end is near: told each day. */
const NEAR_MS = 2 * DAY_MS;
/** Of what comes and goes people are told once in so long. */
const QUIET_HOURS = 24;
/** Users who are held wait for somebody: of the next ones people are told the same day. */
const HELD_QUIET_HOURS = 1;
const [DAILY, SELDOM] = [24, 6 * 24];

/** What contacts are told of. */
export type AlertKind = 'deprovisioning_held' | 'no_active_token' | 'refused' | 'stalled' | 'token_expiring';

/** What is to be told, and when again. */
export interface Alert {
  kind: AlertKind;
  /** Since when it is so: what was told before that was something else. */
  since: Date;
  /** After which it is told again while it is so. */
  repeatHours: number;
  /** Within which it is not told again though it ended and is so anew. */
  quietHours: number;
  /** When the token ends that ends soon; else null. */
  endsAt: Date | null;
}

/** What the alerts of a directory follow from. */
export interface AlertFacts extends HealthFacts {
  secrets: readonly (HealthSecret & { replacedTime: Date | null })[];
  /** Since when its deprovision guard waits for somebody to decide; null: it does not. */
  heldSince: Date | null;
}

/**
 * What the contacts of a directory's organization are to be told at `now`: that users are held, and its health, when that is nothing
 * that mends itself. Nothing while it is switched off.
 */
export function decideAlerts(facts: AlertFacts, now: Date): Alert[] {
  if (!facts.featureEnabled || !facts.enabled) return [];
  return [alertOfHold(facts), alertOf(facts, now)].filter((alert) => alert !== null);
}

function alertOfHold({ heldSince: since }: AlertFacts): Alert | null {
  if (since === null) return null;
  return { kind: 'deprovisioning_held', since, repeatHours: DAILY, quietHours: HELD_QUIET_HOURS, endsAt: null };
}

function alertOf(facts: AlertFacts, now: Date): Alert | null {
  const whole = decideHealth(facts, now);
  const lastRefusal = whole.state === 'refused' ? whole.refused?.lastTime : now;
  // Of a single refusal long ago nobody is told; what it hides is.
  const isPast = lastRefusal === undefined || now.getTime() - lastRefusal.getTime() >= STILL_MS;
  const health = isPast ? decideHealth({ ...facts, refusedSince: null }, now) : whole;
  const { since } = health;
  const age = now.getTime() - since.getTime();
  const alert = { since, quietHours: QUIET_HOURS, endsAt: null };
  switch (health.state) {
    case 'refused':
      return age > LASTING_MS ? { ...alert, kind: 'refused', repeatHours: DAILY } : null;
    case 'stalled':
      return age > LASTING_MS ? { ...alert, kind: 'stalled', repeatHours: SELDOM } : null;
    case 'no_active_token': {
      const isTold = facts.secrets.length > 0 && age > LASTING_MS && age < ENDED_MAX_MS;
      return isTold ? { ...alert, kind: 'no_active_token', repeatHours: SELDOM } : null;
    }
    case 'token_expiring':
      return alertOfEnd(facts, health, now);
    default:
      return null;
  }
}

/** Whoever has replaced the token knows of its end. */
function alertOfEnd({ secrets }: AlertFacts, { since, expireTime }: Health, now: Date): Alert | null {
  const ending = secrets.find((secret) => secret.expireTime?.getTime() === expireTime?.getTime());
  if (!ending?.expireTime || ending.replacedTime) return null;
  const { createTime, expireTime: endsAt } = ending;
  if (endsAt.getTime() - createTime.getTime() <= SHORT_LIFE_MS) return null;
  const repeatHours = endsAt.getTime() - now.getTime() < NEAR_MS ? DAILY : SELDOM;
  return { kind: 'token_expiring', since, repeatHours, quietHours: QUIET_HOURS, endsAt };
}
