import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DISABLE_AFTER_MS,
  HEALTHY,
  permitSend,
  PROBE_INTERVAL_MS,
  readHealth,
  recordAttempt,
  returnProbe,
} from './record-attempt';
import type { EndpointHealth, HealthSignal } from './record-attempt';

const START = Date.parse('2026-11-21T10:00:00Z');

/** Runs attempts `[succeeded, ms since START]` through the reducer, storing the state as JSON between them. */
function run(attempts: readonly (readonly [boolean, number])[], from: EndpointHealth = HEALTHY) {
  const signals: HealthSignal[] = [];
  let health = from;
  for (const [succeeded, ms] of attempts) {
    const result = recordAttempt(health, { succeeded, at: new Date(START + ms) });
    health = readHealth(JSON.parse(JSON.stringify(result.health)) as Record<string, unknown>);
    signals.push(...result.signals);
  }
  return { health, signals };
}

const failures = (count: number, stepMs: number, fromMs = 0) =>
  Array.from({ length: count }, (_, i) => [false, fromMs + i * stepMs] as const);

describe('recordAttempt', () => {
  it('opens the breaker at the 20th consecutive failure when they span 10 s', () => {
    expect(run(failures(19, 1000)).signals).toEqual([]);
    const { health, signals } = run(failures(20, 1000));
    expect(signals).toEqual([{ kind: 'breaker-opened', reason: 'consecutive-failures' }]);
    expect(health.coolingUntil).toBe(START + 19_000 + PROBE_INTERVAL_MS);
  });

  it('takes twenty failures of one moment as one incident, until 10 s have passed', () => {
    const burst = failures(30, 100);
    expect(run(burst).signals).toEqual([]);
    expect(run([...burst, [false, 10_000]]).signals).toEqual([
      { kind: 'breaker-opened', reason: 'consecutive-failures' },
    ]);
  });

  it('starts counting anew after a success', () => {
    expect(run([...failures(19, 1000), [true, 19_500], ...failures(19, 1000, 20_000)]).signals).toEqual([]);
  });

  it('opens the breaker when 60 of the last 100 attempts failed, and not before there were 100', () => {
    // In every ten 4 successes and 6 failures: never 20 in a row.
    const mixed = Array.from({ length: 99 }, (_, i) => [i % 10 < 4, i * 10] as const);
    expect(run(mixed).signals).toEqual([]);
    expect(run([...mixed, [false, 2000]]).signals).toEqual([{ kind: 'breaker-opened', reason: 'failure-rate' }]);
  });

  it('stays closed at 59 failures of the last 100', () => {
    const attempts = Array.from({ length: 100 }, (_, i) => [i % 10 < 4 || i === 5, i * 10] as const);
    expect(run(attempts).signals).toEqual([]);
  });

  it('closes the breaker after one success, with a clean window', () => {
    const open = run(failures(20, 1000)).health;
    const { health, signals } = run([[true, 80_000]], open);
    expect(signals).toEqual([{ kind: 'breaker-closed' }, { kind: 'recovered', failingSince: new Date(START) }]);
    expect(health).toEqual(HEALTHY);
  });

  it('keeps the breaker open and announces nothing again while probes fail', () => {
    const open = run(failures(20, 1000)).health;
    const { health, signals } = run(failures(3, 60_000, 80_000), open);
    expect(signals).toEqual([]);
    expect(health.coolingUntil).toBeGreaterThan(START + 200_000);
  });

  it('warns once each at 50, 75 and 90 % of five days of only failure, then asks to disable', () => {
    const hours = Array.from({ length: 122 }, (_, i) => [false, i * 3_600_000] as const);
    const { signals } = run(hours);
    expect(signals.filter(({ kind }) => kind !== 'breaker-opened')).toEqual([
      { kind: 'failing', percent: 50 },
      { kind: 'failing', percent: 75 },
      { kind: 'failing', percent: 90 },
      { kind: 'disable-endpoint', failingSince: new Date(START) },
      { kind: 'disable-endpoint', failingSince: new Date(START) },
    ]);
  });

  it('gives only the highest warning when several are due at once', () => {
    expect(
      run([
        [false, 0],
        [false, DISABLE_AFTER_MS * 0.8],
      ]).signals,
    ).toEqual([{ kind: 'failing', percent: 75 }]);
  });

  it('does not disable an endpoint that succeeded once within the five days', () => {
    const attempts = [
      [false, 0],
      [true, DISABLE_AFTER_MS / 2],
      [false, DISABLE_AFTER_MS + 1],
    ] as const;
    expect(run(attempts).signals).toEqual([]);
  });

  it('announces a recovery after a warning, and none after failures that gave no warning', () => {
    expect(
      run([
        [false, 0],
        [true, 1],
      ]).signals,
    ).toEqual([]);
    const { signals } = run([
      [false, 0],
      [false, DISABLE_AFTER_MS / 2],
      [true, DISABLE_AFTER_MS / 2 + 1],
    ]);
    expect(signals).toEqual([
      { kind: 'failing', percent: 50 },
      { kind: 'recovered', failingSince: new Date(START) },
    ]);
  });

  it('stays small and whole under any run of attempts', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(100_000)), { maxLength: 300 }), (steps) => {
        let ms = 0;
        const { health } = run(steps.map(([succeeded, wait]) => [succeeded, (ms += wait)] as const));
        expect(health.recent).toMatch(/^[01]{0,100}$/);
        const trailing = /1*$/.exec(steps.map(([ok]) => (ok ? '0' : '1')).join(''))?.[0].length;
        expect(health.consecutiveFailures).toBe(trailing);
        expect(health.failingSince === null).toBe(trailing === 0);
      }),
    );
  });
});

describe('permitSend', () => {
  const open: EndpointHealth = { ...HEALTHY, coolingUntil: START + 1000 };

  it('lets everything go while the breaker is closed', () => {
    expect(permitSend(HEALTHY, new Date(START))).toEqual({ kind: 'send' });
  });

  it('lets one probe a minute go while it is open', () => {
    expect(permitSend(open, new Date(START))).toEqual({ kind: 'wait', until: new Date(START + 1000) });
    const probe = permitSend(open, new Date(START + 1000));
    if (probe.kind !== 'probe') throw new Error('expected a probe');
    const until = new Date(START + 1000 + PROBE_INTERVAL_MS);
    expect(permitSend(probe.health, new Date(START + 1001))).toEqual({ kind: 'wait', until });
    expect(permitSend(probe.health, until).kind).toBe('probe');
  });
});

describe('returnProbe', () => {
  it('lets the next probe go at once, and leaves a closed breaker closed', () => {
    const cooling = { ...HEALTHY, coolingUntil: START + PROBE_INTERVAL_MS };
    expect(permitSend(returnProbe(cooling, new Date(START)), new Date(START)).kind).toBe('probe');
    expect(returnProbe(HEALTHY, new Date(START))).toBe(HEALTHY);
  });
});

describe('readHealth', () => {
  it('reads the stored default of a new endpoint as healthy', () => {
    expect(readHealth({})).toEqual(HEALTHY);
  });
});
