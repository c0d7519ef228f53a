import { describe, expect, it } from 'vitest';
import { describeContenders, judge, runScenario } from './run-scenario';
import type { Sample } from './sample';
import type { Scenario } from './scenario';
import type { World } from './systems/start-world';

function rates(figures: Record<string, number[]>): Map<string, Sample[]> {
  return new Map(Object.entries(figures).map(([name, of]) => [name, of.map((perSecond) => ({ perSecond }))]));
}

describe('judge', () => {
  it('takes the median of the ratios within each round, not the ratio of the medians', () => {
    const samples = rates({ ours: [100, 300, 200], theirs: [10, 100, 100] });
    const judged = judge({ of: 'ours', against: 'theirs', metric: 'perSecond', atLeast: 3 }, samples);
    expect(judged).toMatchObject({ measured: 3, holds: true, holdsAlways: false });
  });

  it('takes the figure itself when there is nothing to compare it with', () => {
    const goal = { of: 'ours', metric: 'perSecond', atMost: 250 } as const;
    expect(judge(goal, rates({ ours: [100, 300, 200] }))).toMatchObject({ measured: 200, holds: true });
    expect(judge({ ...goal, atMost: 199 }, rates({ ours: [100, 300, 200] }))).toMatchObject({ holds: false });
  });

  it('holds as well when the figure is above the other by no more than it may be', () => {
    const goal = { of: 'busy', against: 'quiet', metric: 'perSecond', atMost: 2, orWithin: 100 } as const;
    expect(judge(goal, rates({ busy: [120, 90], quiet: [30, 30] }))).toMatchObject({ measured: 4, holds: true });
    expect(judge(goal, rates({ busy: [150, 160], quiet: [30, 30] }))).toMatchObject({ holds: false });
    expect(judge(goal, rates({ busy: [390, 390], quiet: [200, 200] }))).toMatchObject({ holds: true });
  });

  it('compares one figure with another, and says whether every round holds', () => {
    const samples = new Map<string, Sample[]>([
      ['attempt', [{ p95: 60 }, { p95: 20 }, { p95: 30 }]],
      ['create', [{ p50: 5 }, { p50: 5 }, { p50: 5 }]],
    ]);
    const goal = { of: 'attempt', against: 'create', metric: 'p95', againstMetric: 'p50', atMost: 10 } as const;
    expect(judge(goal, samples)).toMatchObject({ measured: 6, spread: 8 / 6, holds: true, holdsAlways: false });
    expect(judge({ ...goal, atMost: 12 }, samples)).toMatchObject({ holdsAlways: true });
  });

  it('does not hold when a round lacks the figure', () => {
    expect(judge({ of: 'ours', metric: 'p50', atMost: 1 }, rates({ ours: [1] }))).toMatchObject({ holds: false });
  });

  it('says nothing when one of the two did not take part', () => {
    const goal = { of: 'ours', against: 'theirs', metric: 'perSecond' } as const;
    expect(judge(goal, rates({ ours: [1] }))).toBeUndefined();
    expect(judge(goal, rates({ theirs: [1] }))).toBeUndefined();
  });
});

describe('runScenario', () => {
  it('leaves the round that warms up out, and closes the scenario when a contender fails', async () => {
    let runs = 0;
    let closed = 0;
    const scenario = (fails: boolean): Scenario => ({
      name: 'counted',
      prepare: () =>
        Promise.resolve({
          contenders: [
            {
              name: 'ours',
              run: () => (fails ? Promise.reject(new Error('wrong answer')) : Promise.resolve({ perSecond: runs++ })),
            },
          ],
          close: () => Promise.resolve(void (closed += 1)),
        }),
    });
    const world = {} as World;
    const { contenders } = await runScenario(scenario(false), world, { rounds: 3 });
    expect(contenders).toEqual([
      {
        contender: 'ours',
        median: { perSecond: 2 },
        spread: { perSecond: 1 },
        rounds: [1, 2, 3].map((perSecond) => ({ perSecond })),
      },
    ]);
    await expect(runScenario(scenario(true), world, { rounds: 3 })).rejects.toThrow('wrong answer');
    expect(closed).toBe(2);
  });

  /** A scenario of one contender that has these rates in turn. */
  function rated(figures: readonly number[], once = false): { scenario: Scenario; runs: () => number } {
    let runs = 0;
    const run = () => Promise.resolve({ perSecond: figures[runs++ % figures.length] ?? 0 });
    const prepare = () => Promise.resolve({ contenders: [{ name: 'ours', run }] });
    return { scenario: { name: 'rated', once, prepare }, runs: () => runs };
  }

  it('goes on while the rounds disagree, as long as it may', async () => {
    const agreed = rated([100]);
    await runScenario(agreed.scenario, {} as World, { rounds: 3, moreRounds: 5 });
    expect(agreed.runs()).toBe(1 + 3);
    const disagreeing = rated([100, 200, 400, 800]);
    await runScenario(disagreeing.scenario, {} as World, { rounds: 3, moreRounds: 5 });
    expect(disagreeing.runs()).toBe(1 + 3 + 5);
    const late = rated([9, 100, 50, 100, 100]);
    await runScenario(late.scenario, {} as World, { rounds: 3, moreRounds: 5 });
    expect(late.runs()).toBe(1 + 3 + 1);
  });

  it('does once what takes minutes', async () => {
    const long = rated([100], true);
    expect(await runScenario(long.scenario, {} as World, { rounds: 3, moreRounds: 5 })).toMatchObject({ once: true });
    expect(long.runs()).toBe(1);
  });
});

describe('describeContenders', () => {
  it('puts Rollcall beside the rival and the limit in the same situation, round by round', () => {
    const samples = rates({
      'rollcall, group of 10': [100, 300, 200],
      'limit, group of 10': [200, 300, 400],
      'saml-jackson, group of 10': [10, 100, 10],
      'saml-jackson, group of 0': [1, 1, 1],
    });
    const [ours, limit] = describeContenders(samples);
    expect(ours).toMatchObject({ besideLimit: { value: 0.5, spread: 1 }, besideRival: { value: 10 } });
    expect(limit).not.toHaveProperty('besideLimit');
  });

  it('takes the one limit there is where it has no situations, and nothing where none took part', () => {
    const [ours] = describeContenders(rates({ 'rollcall, queue on Redis': [100], limit: [400] }));
    expect(ours).toMatchObject({ besideLimit: { value: 0.25 } });
    expect(ours).not.toHaveProperty('besideRival');
  });
});
