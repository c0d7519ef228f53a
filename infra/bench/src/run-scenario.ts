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
  /** The median of the rounds' ratios. */
  ratio: number;
  holds: boolean;
  reachesGoal: boolean;
}

export interface ScenarioResult {
  scenario: string;
  contenders: ContenderResult[];
  goals: GoalResult[];
}

/**
 * Prepares a scenario and lets its contenders run in turn, `rounds` times, each round beginning with another one. A round
 * before that warms up and does not count.
 */
export async function runScenario(scenario: Scenario, world: World, rounds: number): Promise<ScenarioResult> {
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
    };
  } finally {
    await close?.();
  }
}

/** Undefined when one of the two did not take part. */
function judge(goal: Goal, samples: ReadonlyMap<string, Sample[]>): GoalResult | undefined {
  const of = samples.get(goal.of);
  const against = samples.get(goal.against);
  if (!of?.length || !against?.length) return undefined;
  const ratios = of.map((sample, round) => Number(sample[goal.metric]) / Number(against[round]?.[goal.metric]));
  const ratio = median(ratios) ?? Number.NaN;
  const holds = ratio >= (goal.atLeast ?? 0) && ratio <= (goal.atMost ?? Number.POSITIVE_INFINITY);
  return { ...goal, ratio, holds, reachesGoal: holds && ratio >= (goal.goal ?? 0) };
}

const METRICS = ['perSecond', 'p50', 'p95', 'p99', 'serverCpuMs', 'databaseCpuMs', 'memoryMiB'] as const;

function medianSample(samples: readonly Sample[]): Sample {
  const medians = METRICS.map((metric) => [metric, median(samples.flatMap((sample) => sample[metric] ?? []))] as const);
  return { perSecond: 0, ...Object.fromEntries(medians.filter(([, value]) => value !== undefined)) };
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
