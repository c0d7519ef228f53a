import type { HandOverState } from '@rollcall/contract';

interface HandOverTimes {
  expireTime: Date;
  openedTime: Date | null;
  tokenShownTime: Date | null;
  /** When the bearer token that it showed was used first. */
  connectedTime: Date | null;
  revokedTime: Date | null;
}

/** What has become of a hand-over: one that has connected has done its work, and its link's end is no news any more. */
export function handOverState(times: HandOverTimes, now: Date): HandOverState {
  if (times.revokedTime !== null) return 'REVOKED';
  if (times.connectedTime !== null) return 'CONNECTED';
  if (times.expireTime <= now) return 'EXPIRED';
  if (times.tokenShownTime !== null) return 'TOKEN_SHOWN';
  return times.openedTime === null ? 'NOT_OPENED' : 'OPENED';
}
