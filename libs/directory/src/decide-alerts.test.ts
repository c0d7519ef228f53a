import { describe, expect, it } from 'vitest';
import type { RefusalReason } from '@rollcall/contract';
import { decideAlerts } from './decide-alerts';
import type { AlertFacts } from './decide-alerts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const now = new Date('2026-11-21T12:00:00Z');
const at = (ms: number) => new Date(now.getTime() + ms);

const secret = (given: Partial<AlertFacts['secrets'][number]> = {}): AlertFacts['secrets'][number] => ({
  createTime: at(-100 * DAY),
  expireTime: null,
  revokedTime: null,
  replacedTime: null,
  lastUsedTime: at(-HOUR),
  ...given,
});

/** A directory of Okta that is connected. */
const decide = (given: Partial<AlertFacts> = {}) =>
  decideAlerts(
    {
      provider: 'OKTA',
      createTime: at(-200 * DAY),
      featureEnabled: true,
      featureChangedTime: null,
      enabled: true,
      enabledChangedTime: null,
      secrets: [secret()],
      firstRequestTime: at(-90 * DAY),
      lastRequestTime: at(-HOUR),
      refusedSince: null,
      refusals: [],
      heldSince: null,
      ...given,
    },
    now,
  );
const kinds = (given: Partial<AlertFacts> = {}) => decide(given).map(({ kind }) => kind);

const refused = (since: number, last: number, reason: RefusalReason = 'invalid_token'): Partial<AlertFacts> => ({
  refusedSince: at(since),
  refusals: [
    { reason, status: 401, scimType: null, count: 2, firstTime: at(since), lastTime: at(last) },
    { reason: 'conflict', status: 409, scimType: 'uniqueness', count: 1, firstTime: now, lastTime: now },
  ],
});
const silent = { lastRequestTime: at(-31 * DAY) };

describe('decideAlerts', () => {
  it('has nothing to tell of a directory that does as it should, nor of one that is switched off', () => {
    expect(decide()).toEqual([]);
    const worst = { ...silent, secrets: [secret({ revokedTime: at(-DAY) })], heldSince: at(-MINUTE) };
    expect(kinds({ ...worst, enabled: false })).toEqual([]);
    expect(kinds({ ...worst, featureEnabled: false })).toEqual([]);
  });

  it('tells that users are held beside what else is wrong, each day', () => {
    expect(decide({ heldSince: at(-MINUTE) })).toEqual([
      { kind: 'deprovisioning_held', since: at(-MINUTE), repeatHours: 24, quietHours: 1, endsAt: null },
    ]);
    expect(kinds({ heldSince: at(-MINUTE), ...silent })).toEqual(['deprovisioning_held', 'stalled']);
  });

  it('tells of requests that have been refused for an hour and still are, whatever token came', () => {
    expect(kinds(refused(-HOUR - 1, -HOUR + 1))).toEqual(['refused']);
    expect(kinds(refused(-HOUR - 1, -MINUTE, 'too_many_attempts'))).toEqual(['refused']);
    expect(kinds(refused(-HOUR, -MINUTE))).toEqual([]);
    expect(kinds(refused(-2 * HOUR, -HOUR))).toEqual([]);
  });

  it('tells of the silence that follows a refusal', () => {
    expect(kinds({ ...refused(-31 * DAY, -31 * DAY), ...silent })).toEqual(['stalled']);
  });

  it('tells of a silence when it has lasted an hour beyond what is usual', () => {
    expect(kinds({ lastRequestTime: at(-30 * DAY - HOUR) })).toEqual([]);
    expect(kinds({ lastRequestTime: at(-30 * DAY - HOUR - 1) })).toEqual(['stalled']);
  });

  it('tells that no token is left from an hour to two weeks afterwards, and not when there never was one', () => {
    const ended = (ago: number) => kinds({ secrets: [secret({ expireTime: at(-ago) })] });
    expect([ended(HOUR), ended(HOUR + 1), ended(14 * DAY - 1), ended(14 * DAY)]).toEqual([
      [],
      ['no_active_token'],
      ['no_active_token'],
      [],
    ]);
    expect(kinds({ secrets: [], createTime: at(-DAY) })).toEqual([]);
  });

  it('tells of the end of the token in use, each day when it is near', () => {
    const ends = (ms: number) => decide({ secrets: [secret({ expireTime: at(ms) })] });
    expect(ends(14 * DAY + 1)).toEqual([]);
    expect(ends(14 * DAY)).toEqual([
      { kind: 'token_expiring', since: now, repeatHours: 6 * 24, quietHours: 24, endsAt: at(14 * DAY) },
    ]);
    expect(ends(2 * DAY - 1)).toMatchObject([{ repeatHours: 24 }]);
  });

  it('tells of no end that matters to nobody: another token is in use, it was replaced, or it lived for days', () => {
    const ending = { expireTime: at(DAY), lastUsedTime: at(-2 * HOUR) };
    expect(kinds({ secrets: [secret(ending), secret()] })).toEqual([]);
    expect(kinds({ secrets: [secret({ ...ending, replacedTime: at(-DAY) })] })).toEqual([]);
    expect(kinds({ secrets: [secret({ ...ending, createTime: at(-13 * DAY) })] })).toEqual([]);
  });
});
