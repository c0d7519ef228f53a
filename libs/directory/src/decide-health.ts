import { TOKEN_REFUSALS } from '@rollcall/contract';
import type { HealthState, RefusalReason } from '@rollcall/contract';
import { secretStatus } from './secret-status';
import type { SecretLife } from './secret-status';
import { describeSilence, silenceLimitMs } from './silence-limit';

const DAY_MS = 86_400_000;
/** A token is said to end so long before; one that lives less than five times that, in the last fifth of its life. */
const EXPIRING_MS = 14 * DAY_MS;
const EXPIRING_SHARE = 0.2;
/** Refusals that are no matter of the token are told of for so long. */
const ATTENTION_MS = DAY_MS;

/** Requests of an identity provider that were refused for one reason: how many, and when. */
export interface RefusalCount {
  reason: RefusalReason;
  /** The HTTP status of the last one. */
  status: number;
  scimType: string | null;
  count: number;
  firstTime: Date;
  lastTime: Date;
}

/** What is known of a token. */
export interface HealthSecret extends SecretLife {
  createTime: Date;
  lastUsedTime: Date | null;
}

/** What the health of a directory follows from. */
export interface HealthFacts {
  provider: string;
  createTime: Date;
  /** Directory Sync is on for the organization, and when that was changed; null: never. */
  featureEnabled: boolean;
  featureChangedTime: Date | null;
  enabled: boolean;
  enabledChangedTime: Date | null;
  /** All that are active among them. */
  secrets: readonly HealthSecret[];
  /** Of the first request that was accepted, and of the last. */
  firstRequestTime: Date | null;
  lastRequestTime: Date | null;
  /** The first refusal of a token since then; null while the last token was accepted. */
  refusedSince: Date | null;
  /** One for each reason at most. */
  refusals: readonly RefusalCount[];
}

/** How a directory is doing. */
export interface Health {
  state: HealthState;
  /** What is wrong, in a sentence; null while nothing is. */
  reason: string | null;
  /** Since when it is so. */
  since: Date;
  /** When the token ends that ends soon; else null. */
  expireTime: Date | null;
  /** The requests whose token was refused since then; null while none was. */
  refused: RefusalCount | null;
  /** What else was refused lately, which keeps nobody out but does want a look. */
  attention: RefusalCount[];
}

type Found = Pick<Health, 'state' | 'reason' | 'since'> & { expireTime?: Date };

/**
 * How a directory is doing at `now`. What stops every request comes first, the owner's switch before the admin's; then what the
 * identity provider does wrong; then what soon will be wrong.
 */
export function decideHealth(facts: HealthFacts, now: Date): Health {
  const found =
    switchedOff(facts) ??
    withoutToken(facts, now) ??
    refusedToken(facts) ??
    silent(facts, now) ??
    endingToken(facts, now) ??
    answered(facts);
  return {
    expireTime: null,
    ...found,
    refused: facts.refusedSince === null ? null : lastTokenRefusal(facts),
    attention: facts.refusals.filter((refusal) => wantsLook(refusal, found.state, now)),
  };
}

function switchedOff(facts: HealthFacts): Found | null {
  if (!facts.featureEnabled) {
    return {
      state: 'feature_off',
      reason: 'Directory Sync is switched off for this organization: every request is refused.',
      since: facts.featureChangedTime ?? facts.createTime,
    };
  }
  if (facts.enabled) return null;
  return {
    state: 'disabled',
    reason: 'The directory is disabled: every request is refused.',
    since: facts.enabledChangedTime ?? facts.createTime,
  };
}

function withoutToken({ secrets, createTime }: HealthFacts, now: Date): Found | null {
  if (secrets.some((secret) => secretStatus(secret, now) === 'ACTIVE')) return null;
  const ends = secrets.map(({ revokedTime, expireTime }) => (revokedTime ?? expireTime ?? createTime).getTime());
  return {
    state: 'no_active_token',
    reason: secrets.length === 0 ? 'No token has been generated yet.' : 'Every token has expired or was revoked.',
    since: secrets.length === 0 ? createTime : new Date(Math.max(...ends)),
  };
}

function refusedToken(facts: HealthFacts): Found | null {
  if (facts.refusedSince === null) return null;
  const reason = lastTokenRefusal(facts)?.reason ?? 'invalid_token';
  return { state: 'refused', reason: REFUSED[reason] ?? REFUSED.invalid_token, since: facts.refusedSince };
}

const REFUSED: Partial<Record<RefusalReason, string>> & { invalid_token: string } = {
  invalid_token: 'The identity provider sends a token that is not valid here.',
  expired: 'The identity provider sends a token that has expired.',
  revoked: 'The identity provider sends a token that was revoked.',
  too_many_attempts: 'The identity provider has sent too many tokens that are not valid here.',
};

function lastTokenRefusal({ refusals }: HealthFacts): RefusalCount | null {
  const ofTokens = refusals.filter(({ reason }) => isTokenRefusal(reason));
  return ofTokens.toSorted((a, b) => b.lastTime.getTime() - a.lastTime.getTime())[0] ?? null;
}

function isTokenRefusal(reason: RefusalReason): boolean {
  return TOKEN_REFUSALS.some((known) => known === reason);
}

/** Silence counts from the last request or the last switch. */
function silent(facts: HealthFacts, now: Date): Found | null {
  const { provider, lastRequestTime } = facts;
  if (lastRequestTime === null) return null;
  const since = latest(lastRequestTime, facts).getTime() + silenceLimitMs(provider);
  if (now.getTime() < since) return null;
  const { name, limit } = describeSilence(provider);
  return {
    state: 'stalled',
    reason: `Nothing has arrived for longer than ${name} is silent when all is well (${limit}).`,
    since: new Date(since),
  };
}

function endingToken({ secrets }: HealthFacts, now: Date): Found | null {
  const active = secrets.filter((secret) => secretStatus(secret, now) === 'ACTIVE');
  const used = tokenInUse(active);
  if (!used?.expireTime) return null;
  const since = warningTime(used.createTime, used.expireTime);
  if (now < since) return null;
  const hasLonger = active.some((other) => (other.expireTime ?? NEVER) > (used.expireTime ?? NEVER));
  return {
    state: 'token_expiring',
    reason: hasLonger
      ? 'The token that the identity provider uses ends soon, and the newer one has not been used yet.'
      : 'The last token that is accepted ends soon.',
    since,
    expireTime: used.expireTime,
  };
}

const NEVER = new Date(8.64e15);

/** The one that was used last; before any was, the one that lives longest. */
function tokenInUse(active: readonly HealthSecret[]): HealthSecret | undefined {
  const byUse = active.toSorted(
    (a, b) =>
      (b.lastUsedTime?.getTime() ?? 0) - (a.lastUsedTime?.getTime() ?? 0) ||
      (b.expireTime ?? NEVER).getTime() - (a.expireTime ?? NEVER).getTime(),
  );
  return byUse[0];
}

function warningTime(createTime: Date, expireTime: Date): Date {
  const life = expireTime.getTime() - createTime.getTime();
  return new Date(expireTime.getTime() - Math.min(EXPIRING_MS, life * EXPIRING_SHARE));
}

function answered({ firstRequestTime, createTime, secrets, ...switches }: HealthFacts): Found {
  if (firstRequestTime !== null) {
    return { state: 'connected', reason: null, since: latest(firstRequestTime, switches) };
  }
  const first = Math.min(...secrets.map((secret) => secret.createTime.getTime()));
  return {
    state: 'waiting',
    reason: 'No request of the identity provider has arrived yet.',
    since: Number.isFinite(first) ? new Date(first) : createTime,
  };
}

/** The later of a time and of the last switch: while it was off nothing was expected. */
function latest(
  time: Date,
  { enabledChangedTime, featureChangedTime }: Pick<HealthFacts, 'enabledChangedTime' | 'featureChangedTime'>,
): Date {
  return new Date(Math.max(time.getTime(), enabledChangedTime?.getTime() ?? 0, featureChangedTime?.getTime() ?? 0));
}

/** Refusals by a switch matter while it is off; those of tokens are told apart. */
function wantsLook({ reason, lastTime }: RefusalCount, state: HealthState, now: Date): boolean {
  if (isTokenRefusal(reason)) return false;
  if (reason === 'disabled' || reason === 'feature_off') return reason === state;
  return now.getTime() - lastTime.getTime() < ATTENTION_MS;
}
