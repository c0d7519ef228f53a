import { describe, expect, it } from 'vitest';
import { judge, runScenario } from './run-scenario';
import type { Sample } from './sample';
import type { Scenario } from './scenario';
import type { World } from './systems/start-world';

function rates(figures: Record<string, number[]>): Map<string, Sample[]> {
  return new Map(Object.entries(figures).map(([name, of]) => [name, of.map((perSecond) => ({ perSecond }))]));
}

describe('judge', () => {
  it('takes the median of the ratios within each round, not the ratio of the medians', () => {
    const samples = rates({ ours: [100, 300, 200], theirs: [10, 100, 100] });
    const judged = judge({ of: 'ours', against: 'theirs', metric: 'perSecond', atLeast: 3, goal: 4 }, samples);
    expect(judged).toMatchObject({ measured: 3, holds: true, reachesGoal: false });
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
    const { contenders } = await runScenario(scenario(false), world, 3);
    expect(contenders).toEqual([
      { contender: 'ours', median: { perSecond: 2 }, rounds: [1, 2, 3].map((perSecond) => ({ perSecond })) },
    ]);
    await expect(runScenario(scenario(true), world, 3)).rejects.toThrow('wrong answer');
    expect(closed).toBe(2);
  });
});
