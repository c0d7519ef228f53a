import { describe, expect, it } from 'vitest';
import { renderFigures, renderGoals, renderReport } from './render-report';
import type { Rendered } from './render-report';

const CREATE: Rendered = {
  scenario: 'create user',
  seconds: 9,
  contenders: [
    {
      contender: 'rollcall',
      median: { perSecond: 2_236.4, p50: 6.651, p99: 20 },
      spread: { perSecond: 0.04, p50: 0.05, p99: 0.42 },
      besideLimit: { value: 0.8234, spread: 0.02 },
    },
    { contender: 'limit', median: { perSecond: 2_900, p50: 5 }, spread: { perSecond: 0.15, p50: 0.151 } },
  ],
  goals: [
    {
      of: 'rollcall',
      against: 'limit',
      metric: 'perSecond',
      atLeast: 0.8,
      measured: 0.8234,
      spread: 0.02,
      holds: true,
      holdsAlways: false,
    },
    { of: 'rollcall', metric: 'p99', atMost: 25, measured: 20, spread: 0.42, holds: true, holdsAlways: true },
    { of: 'rollcall', metric: 'p99', atMost: 21, measured: 20, spread: 0.42, holds: true, holdsAlways: false },
  ],
};

describe('renderFigures', () => {
  it('has the columns that there are figures for, ratios among them', () => {
    const [head] = renderFigures([CREATE], 'tell');
    expect(head).toBe('| scenario | of | per second | × limit | p50 ms | p99 |');
  });

  it('publishes no figure whose rounds lie further apart than 15 %, but says how far', () => {
    expect(renderFigures([CREATE], 'refuse').slice(2)).toEqual([
      '| create user | rollcall | 2,236 | 0.823 | 6.65 | (42 %) |',
      '|  | limit | 2,900 |  | (15 %) |  |',
    ]);
  });

  it('tells it with its spread where nothing is published', () => {
    expect(renderFigures([CREATE], 'tell')[2]).toBe('| create user | rollcall | 2,236 | 0.823 | 6.65 | 20 (42 %) |');
  });

  it('publishes nothing of too few rounds, unless the scenario is one long run', () => {
    const run: Rendered = { ...CREATE, contenders: [{ contender: 'rollcall', median: { seconds: 60 }, spread: {} }] };
    expect(renderFigures([run], 'refuse')[2]).toBe('| create user | rollcall | (too few rounds) |');
    expect(renderFigures([{ ...run, once: true }], 'refuse')[2]).toBe('| create user | rollcall | 60 |');
  });
});

describe('renderGoals', () => {
  it('says of a goal whose rounds disagree whether every one had it', () => {
    expect(renderGoals([CREATE], 'refuse').slice(2)).toEqual([
      '| create user | rate of rollcall ≥ 0.8 × limit | 0.823 | yes |',
      '| create user | p99 of rollcall ≤ 25 ms | (42 %) | yes, in every round |',
      '| create user | p99 of rollcall ≤ 21 ms | (42 %) | not in every round |',
    ]);
  });

  it('names both figures where one is compared with another', () => {
    const goal = {
      of: 'a',
      against: 'b',
      metric: 'p95',
      againstMetric: 'p50',
      atMost: 10,
      measured: 7,
      spread: 0,
    } as const;
    const [, , row] = renderGoals([{ ...CREATE, goals: [{ ...goal, holds: true, holdsAlways: true }] }], 'tell');
    expect(row).toBe('| create user | p95 of a ≤ 10 × p50 of b | 7 | yes |');
  });
});

describe('renderReport', () => {
  it('names what was measured while others used the machine', () => {
    const head = { time: '2026-01-02T03:04:05Z', machine: 'A machine.', method: 'Medians.' };
    const busy = renderReport(head, [{ ...CREATE, others: 0.34 }]);
    expect(busy).toContain('**The machine was not quiet**: other programs used it during create user (34 %).');
    expect(renderReport(head, [{ ...CREATE, others: 0.05 }])).not.toContain('not quiet');
  });
});
