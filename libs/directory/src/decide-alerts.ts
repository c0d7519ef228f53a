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

/** What contacts are told of. */
export type AlertKind = 'deprovisioning_held' | 'no_active_token' | 'refused' | 'stalled' | 'token_expiring';

/** What is to be told, and after how many days again. */
export interface Alert {
  kind: AlertKind;
  repeatDays: number;
  /** When the token ends that ends soon; else null. */
  endsAt: Date | null;
}

/** What the alerts of a directory follow from. */
export interface AlertFacts extends HealthFacts {
  secrets: readonly (HealthSecret & { replacedTime: Date | null })[];
  /** Its deprovision guard waits for somebody to decide. */
  isHeld: boolean;
}

/**
 * What the contacts of a directory's organization are to be told at `now`: that users are held, and its health, when that is nothing
 * that mends itself. Nothing while it is switched off.
 */
export function decideAlerts(facts: AlertFacts, now: Date): Alert[] {
  if (!facts.featureEnabled || !facts.enabled) return [];
  const held: Alert[] = facts.isHeld ? [{ kind: 'deprovisioning_held', repeatDays: 1, endsAt: null }] : [];
  const ofHealth = alertOf(facts, now);
  return ofHealth ? [...held, ofHealth] : held;
}

function alertOf(facts: AlertFacts, now: Date): Alert | null {
  const whole = decideHealth(facts, now);
  const lastRefusal = whole.state === 'refused' ? whole.refused?.lastTime : now;
  // Of a single refusal long ago nobody is told; what it hides is.
  const isPast = lastRefusal === undefined || now.getTime() - lastRefusal.getTime() >= STILL_MS;
  const health = isPast ? decideHealth({ ...facts, refusedSince: null }, now) : whole;
  const age = now.getTime() - health.since.getTime();
  switch (health.state) {
    case 'refused':
      return age > LASTING_MS ? { kind: 'refused', repeatDays: 1, endsAt: null } : null;
    case 'stalled':
      return age > LASTING_MS ? { kind: 'stalled', repeatDays: 6, endsAt: null } : null;
    case 'no_active_token': {
      const isTold = facts.secrets.length > 0 && age > LASTING_MS && age < ENDED_MAX_MS;
      return isTold ? { kind: 'no_active_token', repeatDays: 6, endsAt: null } : null;
    }
    case 'token_expiring':
      return alertOfEnd(facts, health, now);
    default:
      return null;
  }
}

/** Whoever has replaced the token knows of its end. */
function alertOfEnd({ secrets }: AlertFacts, { expireTime }: Health, now: Date): Alert | null {
  const ending = secrets.find((secret) => secret.expireTime?.getTime() === expireTime?.getTime());
  if (!ending?.expireTime || ending.replacedTime) return null;
  const { createTime, expireTime: endsAt } = ending;
  if (endsAt.getTime() - createTime.getTime() <= SHORT_LIFE_MS) return null;
  return { kind: 'token_expiring', repeatDays: endsAt.getTime() - now.getTime() < NEAR_MS ? 1 : 6, endsAt };
}
