import type { Sample } from './sample';
import type { Goal, Scenario } from './scenario';
import type { World } from './systems/start-world';

/** The medians of one contender over the rounds. */
export interface ContenderResult {
  contender: string;
  median: Sample;
  rounds: Sample[];
}

export interface GoalResult extends Goal {
  /** The median of the rounds' ratios, or of the figure itself when there is nothing to compare it with. */
  measured: number;
  holds: boolean;
  reachesGoal: boolean;
}

export interface ScenarioResult {
  scenario: string;
  contenders: ContenderResult[];
  goals: GoalResult[];
  /** How long all of it took, preparation included. */
  seconds: number;
}

/**
 * Prepares a scenario and lets its contenders run in turn, `rounds` times, each round beginning with another one. A round
 * before that warms up and does not count.
 */
export async function runScenario(scenario: Scenario, world: World, rounds: number): Promise<ScenarioResult> {
  const start = performance.now();
  const { contenders, goals = [], close } = await scenario.prepare(world);
  try {
    const samples = new Map(contenders.map(({ name }) => [name, [] as Sample[]]));
    for (let round = 0; round <= rounds; round++) {
      for (let turn = 0; turn < contenders.length; turn++) {
        const contender = contenders[(turn + round) % contenders.length];
        if (!contender) continue;
        const sample = await contender.run();
        if (round > 0) samples.get(contender.name)?.push(sample);
      }
    }
    return {
      scenario: scenario.name,
      contenders: contenders.map(({ name }) => {
        const ofRounds = samples.get(name) ?? [];
        return { contender: name, median: medianSample(ofRounds), rounds: ofRounds };
      }),
      goals: goals.flatMap((goal) => judge(goal, samples) ?? []),
      seconds: (performance.now() - start) / 1_000,
    };
  } finally {
    await close?.();
  }
}

/** Whether a promise holds, by the samples of each contender's rounds; undefined when one of the two did not take part. */
export function judge(goal: Goal, samples: ReadonlyMap<string, Sample[]>): GoalResult | undefined {
  const of = samples.get(goal.of);
  const against = goal.against === undefined ? undefined : samples.get(goal.against);
  if (!of?.length || (goal.against !== undefined && !against?.length)) return undefined;
  const figures = of.map((sample, round) => {
    const figure = Number(sample[goal.metric]);
    return against ? figure / Number(against[round]?.[goal.metric]) : figure;
  });
  const measured = median(figures) ?? Number.NaN;
  const differences = of.map((sample, round) => Number(sample[goal.metric]) - Number(against?.[round]?.[goal.metric]));
  const isWithin = goal.orWithin !== undefined && Number(median(differences)) <= goal.orWithin;
  const holds = measured >= (goal.atLeast ?? 0) && (measured <= (goal.atMost ?? Number.POSITIVE_INFINITY) || isWithin);
  return { ...goal, measured, holds, reachesGoal: holds && measured >= (goal.goal ?? 0) };
}

const METRICS = [
  'perSecond',
  'p50',
  'p95',
  'p99',
  'longest',
  'serverCpuMs',
  'databaseCpuMs',
  'loadCpuMs',
  'memoryMiB',
] as const satisfies readonly (keyof Sample)[];

function medianSample(samples: readonly Sample[]): Sample {
  const medians = METRICS.map((metric) => [metric, median(samples.flatMap((sample) => sample[metric] ?? []))] as const);
  return Object.fromEntries(medians.filter(([, value]) => value !== undefined));
}

/** The middle one of the values; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
