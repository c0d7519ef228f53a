import { describe, expect, it } from 'vitest';
import { PROVIDER_IDS } from '@rollcall/contract';
import { decideHealth } from './decide-health';
import type { HealthFacts, HealthSecret, RefusalCount } from './decide-health';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const now = new Date('2026-11-21T12:00:00Z');
const at = (ms: number) => new Date(now.getTime() + ms);

const secret = (facts: Partial<HealthSecret> = {}): HealthSecret => ({
  createTime: at(-100 * DAY),
  expireTime: null,
  revokedTime: null,
  lastUsedTime: at(-HOUR),
  ...facts,
});

const refusal = (facts: Partial<RefusalCount> = {}): RefusalCount => ({
  reason: 'invalid_token',
  status: 401,
  scimType: null,
  count: 3,
  firstTime: at(-10 * MINUTE),
  lastTime: at(-MINUTE),
  ...facts,
});

/** A directory of Okta that is connected. */
const facts = (given: Partial<HealthFacts> = {}): HealthFacts => ({
  provider: 'OKTA',
  createTime: at(-200 * DAY),
  featureEnabled: true,
  featureChangedTime: at(-200 * DAY),
  enabled: true,
  enabledChangedTime: null,
  secrets: [secret()],
  firstRequestTime: at(-90 * DAY),
  lastRequestTime: at(-HOUR),
  refusedSince: null,
  refusals: [],
  ...given,
});

const decide = (given: Partial<HealthFacts> = {}, time = now) => decideHealth(facts(given), time);
const stateOf = (given: Partial<HealthFacts> = {}, time = now) => decide(given, time).state;
const open = { refusedSince: at(-10 * MINUTE), refusals: [refusal()] };
const never = { firstRequestTime: null, lastRequestTime: null };

describe('decideHealth', () => {
  it('is connected, and has nothing to say, while requests come and are accepted', () => {
    expect(decide()).toEqual({
      state: 'connected',
      reason: null,
      since: at(-90 * DAY),
      expireTime: null,
      refused: null,
      attention: [],
    });
  });

  it('waits until the first request, since there is a token', () => {
    const secrets = [secret({ createTime: at(-HOUR), lastUsedTime: null }), secret({ createTime: at(-MINUTE) })];
    expect(decide({ ...never, secrets })).toMatchObject({ state: 'waiting', since: at(-HOUR) });
  });

  it('says what stops every request before anything else, the owner’s switch first', () => {
    const worst = { ...open, secrets: [], lastRequestTime: at(-90 * DAY) };
    expect(stateOf({ ...worst, featureEnabled: false, enabled: false })).toBe('feature_off');
    expect(stateOf({ ...worst, enabled: false })).toBe('disabled');
    expect(stateOf(worst)).toBe('no_active_token');
    expect(stateOf({ ...worst, secrets: [secret()] })).toBe('refused');
  });

  it('knows since when it is switched off', () => {
    expect(decide({ enabled: false, enabledChangedTime: at(-DAY) }).since).toEqual(at(-DAY));
    expect(decide({ featureEnabled: false, featureChangedTime: at(-2 * DAY) }).since).toEqual(at(-2 * DAY));
    expect(decide({ featureEnabled: false, featureChangedTime: null }).since).toEqual(at(-200 * DAY));
  });
});

describe('a directory without an active token', () => {
  it.each([
    ['none was generated', [], at(-200 * DAY), 'No token has been generated yet.'],
    ['one expires at this moment', [secret({ expireTime: now })], now, 'Every token has expired or was revoked.'],
    [
      'one expired and a later one was revoked',
      [secret({ expireTime: at(-DAY) }), secret({ revokedTime: at(-HOUR), expireTime: at(DAY) })],
      at(-HOUR),
      'Every token has expired or was revoked.',
    ],
  ])('is told when %s, and since when', (_what, secrets, since, reason) => {
    expect(decide({ secrets })).toMatchObject({ state: 'no_active_token', since, reason });
  });

  it('still tells of the requests that are refused meanwhile', () => {
    const refusals = [refusal({ reason: 'revoked' })];
    expect(decide({ ...open, refusals, secrets: [secret({ revokedTime: at(-HOUR) })] })).toMatchObject({
      state: 'no_active_token',
      refused: { reason: 'revoked', count: 3 },
    });
  });
});

describe('a directory whose provider is refused', () => {
  it('says why, since when, and how often', () => {
    expect(decide(open)).toMatchObject({
      state: 'refused',
      reason: 'The identity provider sends a token that is not valid here.',
      since: at(-10 * MINUTE),
      refused: { count: 3, status: 401, lastTime: at(-MINUTE) },
    });
  });

  it('is so also before any request was accepted', () => {
    expect(stateOf({ ...open, ...never })).toBe('refused');
  });

  it('tells the last of several reasons', () => {
    const refusals = [refusal(), refusal({ reason: 'expired', lastTime: now })];
    expect(decide({ ...open, refusals }).reason).toBe('The identity provider sends a token that has expired.');
  });

  it('is not so for what keeps nobody out: that is told beside, for a day', () => {
    const conflict = refusal({ reason: 'conflict', status: 409, scimType: 'uniqueness', lastTime: at(-DAY + 1) });
    expect(decide({ refusals: [conflict] })).toMatchObject({
      state: 'connected',
      refused: null,
      attention: [conflict],
    });
    expect(decide({ refusals: [conflict] }, at(1)).attention).toEqual([]);
  });

  it('tells what a switch refused only while it is off', () => {
    const refusals = [refusal({ reason: 'disabled', status: 403, lastTime: at(-5 * DAY) })];
    expect(decide({ refusals, enabled: false }).attention).toEqual(refusals);
    expect(decide({ refusals }).attention).toEqual([]);
    expect(decide({ refusals, featureEnabled: false }).attention).toEqual([]);
  });
});

describe('a directory whose provider is silent', () => {
  it.each([
    ['MICROSOFT_AD', 2 * HOUR],
    ['OKTA', 30 * DAY],
    ['SOMETHING_NEW', 30 * DAY],
  ])('of %s is stalled from its limit on, not before', (provider, limit) => {
    const given = { provider, lastRequestTime: at(-limit) };
    expect(decide(given)).toMatchObject({ state: 'stalled', since: now });
    expect(stateOf(given, at(-1))).toBe('connected');
  });

  it('has a limit whichever the provider is', () => {
    for (const provider of PROVIDER_IDS) expect(stateOf({ provider, lastRequestTime: at(-60 * DAY) })).toBe('stalled');
  });

  it('is given its time anew after it was switched on', () => {
    const given = { provider: 'MICROSOFT_AD', lastRequestTime: at(-DAY) };
    for (const change of ['enabledChangedTime', 'featureChangedTime']) {
      expect(stateOf({ ...given, [change]: at(-2 * HOUR + 1) })).toBe('connected');
      expect(stateOf({ ...given, [change]: at(-2 * HOUR) })).toBe('stalled');
    }
  });

  it('is never stalled before its first request', () => {
    expect(stateOf({ ...never, createTime: at(-400 * DAY) })).toBe('waiting');
  });
});

describe('a token that ends', () => {
  const long = { createTime: at(-365 * DAY) };

  it('is told in its last fourteen days, from the first moment on', () => {
    expect(stateOf({ secrets: [secret({ ...long, expireTime: at(14 * DAY + 1) })] })).toBe('connected');
    expect(decide({ secrets: [secret({ ...long, expireTime: at(14 * DAY) })] })).toMatchObject({
      state: 'token_expiring',
      since: now,
      expireTime: at(14 * DAY),
    });
  });

  it('is told in the last fifth of a shorter life', () => {
    const shortLived = (age: number) => [secret({ createTime: at(-age), expireTime: at(10 * HOUR - age) })];
    expect(stateOf({ secrets: shortLived(8 * HOUR - 1) })).toBe('connected');
    expect(stateOf({ secrets: shortLived(8 * HOUR) })).toBe('token_expiring');
    expect(stateOf({ secrets: shortLived(10 * HOUR) })).toBe('no_active_token');
  });

  it('matters when it is the one in use, whatever newer one there is', () => {
    const ending = secret({ ...long, expireTime: at(DAY), lastUsedTime: at(-HOUR) });
    const unused = secret({ createTime: at(-DAY), lastUsedTime: null });
    expect(decide({ secrets: [unused, ending] })).toMatchObject({
      state: 'token_expiring',
      reason: expect.stringContaining('the newer one has not been used yet'),
    });
    expect(stateOf({ secrets: [secret({ lastUsedTime: at(-MINUTE) }), ending] })).toBe('connected');
  });

  it('matters before any is used when none lives longer', () => {
    const ending = (days: number) => secret({ ...long, expireTime: at(days * DAY), lastUsedTime: null });
    expect(decide({ ...never, secrets: [ending(1), ending(2)] })).toMatchObject({
      state: 'token_expiring',
      expireTime: at(2 * DAY),
    });
    expect(stateOf({ ...never, secrets: [ending(1), ending(90)] })).toBe('waiting');
  });

  it('matters less than a silence', () => {
    const secrets = [secret({ ...long, expireTime: at(DAY) })];
    expect(stateOf({ secrets, provider: 'MICROSOFT_AD', lastRequestTime: at(-3 * HOUR) })).toBe('stalled');
  });
});
