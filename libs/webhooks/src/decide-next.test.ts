import { DEFAULT_RETRY_SCHEDULE } from '@rollcall/platform';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideNext } from './decide-next';
import type { FinishedAttempt } from './decide-next';
import { parseRetryAfter } from './parse-retry-after';

const now = new Date('2026-11-21T10:00:00Z');
const DAY = 86_400_000;

function decide(attempt: Partial<FinishedAttempt>) {
  return decideNext({
    attempt: 1,
    outcome: { kind: 'failure' },
    schedule: DEFAULT_RETRY_SCHEDULE,
    now,
    random: () => 0.5,
    ...attempt,
  });
}

function delayOf(attempt: Partial<FinishedAttempt>): number {
  const step = decide(attempt);
  if (step.kind !== 'retry') throw new Error(`expected a retry, got ${step.kind}`);
  expect(step.at.getTime() - now.getTime()).toBe(step.delayMs);
  return step.delayMs;
}

describe('decideNext', () => {
  it.each([200, 201, 202, 204, 299])('takes %i as success', (status) => {
    expect(decide({ outcome: { kind: 'response', status } })).toEqual({ kind: 'succeeded' });
  });

  it.each([301, 302, 304, 307, 400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504])('retries %i', (status) =>
    expect(decide({ outcome: { kind: 'response', status } }).kind).toBe('retry'),
  );

  it('retries when no answer came', () => {
    expect(decide({ outcome: { kind: 'failure' } }).kind).toBe('retry');
  });

  it('disables the endpoint on 410', () => {
    expect(decide({ outcome: { kind: 'response', status: 410 } })).toEqual({
      kind: 'disable-endpoint',
      reason: 'gone',
    });
  });

  it('gives up at once on a blocked address', () => {
    expect(decide({ outcome: { kind: 'blocked' } })).toEqual({ kind: 'failed', reason: 'blocked_address' });
  });

  it('does not count an attempt that this process aborted, not even the last', () => {
    expect(decide({ outcome: { kind: 'aborted' }, attempt: 10 })).toEqual({ kind: 'not-counted' });
  });

  it('makes ten attempts after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, then is exhausted', () => {
    const hour = 3_600_000;
    const delays = Array.from({ length: 9 }, (_, i) => delayOf({ attempt: i + 1 }));
    expect(delays).toEqual([5000, 300_000, hour / 2, 2, 5, 10, 14, 20, 24].map((n) => (n < 100 ? n * hour : n)));
    expect(decide({ attempt: 10 })).toEqual({ kind: 'exhausted' });
  });

  it('makes a single attempt with an empty schedule', () => {
    expect(decide({ schedule: [] })).toEqual({ kind: 'exhausted' });
  });

  it('spreads each wait by 20 % to both sides', () => {
    expect(delayOf({ random: () => 0 })).toBe(4000);
    expect(delayOf({ random: () => 0.999_999 })).toBe(6000);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 9 }),
        (r, n) => {
          const planned = (DEFAULT_RETRY_SCHEDULE[n - 1] ?? 0) * 1000;
          const delay = delayOf({ attempt: n, random: () => r });
          expect(delay).toBeGreaterThanOrEqual(planned * 0.8);
          expect(delay).toBeLessThanOrEqual(planned * 1.2);
        },
      ),
    );
  });

  it('moves the next attempt later by Retry-After, in seconds or as a date, with any failed status', () => {
    const outcome = { kind: 'response', status: 429 } as const;
    expect(delayOf({ outcome, retryAfter: '120' })).toBe(120_000);
    expect(delayOf({ outcome, retryAfter: 'Sat, 21 Nov 2026 10:10:00 GMT' })).toBe(600_000);
    expect(delayOf({ outcome: { kind: 'response', status: 503 }, retryAfter: '7' })).toBe(7000);
  });

  it('never moves the next attempt earlier by Retry-After', () => {
    fc.assert(
      fc.property(fc.nat(200_000), fc.integer({ min: 1, max: 9 }), (seconds, attempt) => {
        const delay = delayOf({ attempt, retryAfter: String(seconds) });
        expect(delay).toBe(Math.max(delayOf({ attempt }), Math.min(seconds * 1000, DAY)));
      }),
    );
  });

  it('does not let Retry-After add an attempt', () => {
    expect(decide({ attempt: 10, retryAfter: '5' })).toEqual({ kind: 'exhausted' });
  });
});

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 120 ', 120_000],
    ['86401', DAY],
    ['99999999999999999999999999', DAY],
    ['Sat, 21 Nov 2026 10:00:30 GMT', 30_000],
    ['Saturday, 21-Nov-26 10:00:30 GMT', 30_000],
    ['Sat Nov 21 10:00:30 2026', 30_000],
    ['Fri, 20 Nov 2026 10:00:00 GMT', 0],
    ['Sat, 21 Nov 2099 10:00:00 GMT', DAY],
  ])('reads %j', (header, expected) => expect(parseRetryAfter(header, now)).toBe(expected));

  it.each([
    null,
    undefined,
    '',
    '-5',
    '1.5',
    '5s',
    '0x10',
    '1e3',
    'tomorrow',
    '2026-11-21T10:00:30Z',
    'Sat, 99 Nov 2026 10:00:00 GMT',
  ])('ignores %j', (header) => expect(parseRetryAfter(header, now)).toBeNull());

  it('never asks for a wait that is negative or longer than a day', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.integer().map(String),
          fc.date({ noInvalidDate: true }).map((d) => d.toUTCString()),
        ),
        (header) => {
          const wait = parseRetryAfter(header, now) ?? 0;
          expect(wait >= 0 && wait <= DAY).toBe(true);
        },
      ),
    );
  });
});
