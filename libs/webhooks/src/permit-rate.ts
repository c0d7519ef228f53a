/** What may be made up for when a worker came late, in milliseconds: a second never sees more than a tenth above its limit. */
const SLACK_MS = 100;

/** What an endpoint's rate limit allows at a moment. */
export interface RatePermission {
  /** How many attempts may start now; Infinity without a limit. */
  count: number;
  /** Where the account stands after `sent` attempts, to be stored; null without a limit. */
  charge: (sent: number) => Date | null;
}

/**
 * The rate limit that an endpoint's owner set, evenly spread and not saved up (the generic cell rate algorithm).
 * @param rateLimit attempts per second; null = none
 * @param nextSendTime the stored account: when the next attempt is due by the limit alone; null = at once
 */
export function permitRate(rateLimit: number | null, nextSendTime: Date | null, now: Date): RatePermission {
  if (rateLimit === null) return { count: Infinity, charge: () => null };
  const intervalMs = 1_000 / rateLimit;
  const base = Math.max(nextSendTime?.getTime() ?? 0, now.getTime() - SLACK_MS);
  return {
    count: base > now.getTime() ? 0 : Math.floor((now.getTime() - base) / intervalMs) + 1,
    charge: (sent) => new Date(base + sent * intervalMs),
  };
}

/**
 * Where the account stands when attempts turn out to have made further requests: nobody knows how many a dialect makes of an event
 * before it is sent.
 * @param nextSendTime the stored account, with the attempts charged to it
 */
export function chargeFurther(rateLimit: number | null, nextSendTime: Date | null, further: number): Date | null {
  if (rateLimit === null || nextSendTime === null || further === 0) return nextSendTime;
  return new Date(nextSendTime.getTime() + (further * 1_000) / rateLimit);
}
