import { figureOf, isSettled, median, spreadOf } from './figures';
import type { Figure } from './figures';
import type { Sample } from './sample';
import type { Contender, Goal, Scenario } from './scenario';
import type { World } from './systems/start-world';

/** What one contender did over the rounds. */
export interface ContenderResult {
  contender: string;
  median: Sample;
  /** How far apart the rounds lie, figure by figure; see `spreadOf`. */
  spread: Sample;
  /** Rates in relation to those of others in the same rounds: of Rollcall's contenders, where the others took part. */
  besideRival?: Figure;
  besideLimit?: Figure;
  rounds: Sample[];
}

export interface GoalResult extends Goal {
  /** The median of the rounds' ratios, or of the figure itself when there is nothing to compare it with. */
  measured: number;
  /** How far apart those of the rounds lie; absent when there were too few. */
  spread?: number;
  holds: boolean;
  /** Whether every single round had it. */
  holdsAlways: boolean;
}

export interface ScenarioResult {
  scenario: string;
  contenders: ContenderResult[];
  goals: GoalResult[];
  /** How long all of it took, preparation included. */
  seconds: number;
  /** One long run in place of several rounds. */
  once?: boolean;
}

export interface RoundOptions {
  rounds: number;
  /** How many more there may be while a rate is not settled. */
  moreRounds?: number;
  /** Sees what each contender did in a round, whose name is such as `round 2 of 5`. */
  onRound?: (name: string, done: readonly { contender: string; sample: Sample }[]) => void;
}

/** After this no more rounds begin than there must be. */
const MORE_WITHIN_MS = 600_000;

/**
 * Prepares a scenario and lets its contenders run in turn, `rounds` times, each round beginning with another one. A round
 * before that warms up and does not count. While the rounds disagree there are more of them, up to `moreRounds` and for ten minutes
 * in all.
 */
export async function runScenario(
  scenario: Scenario,
  world: World,
  { rounds, moreRounds = 0, onRound }: RoundOptions,
): Promise<ScenarioResult> {
  const start = performance.now();
  const { contenders, goals = [], close } = await scenario.prepare(world);
  const { once = false } = scenario;
  try {
    const samples = new Map(contenders.map(({ name }) => [name, [] as Sample[]]));
    const [first, last] = once ? [1, 1] : [0, rounds + moreRounds];
    for (let round = first; round <= last; round++) {
      if (round > rounds && (isAgreed(samples) || performance.now() > start + MORE_WITHIN_MS)) break;
      const done = await runRound(contenders, round);
      onRound?.(once ? 'measured' : nameRound(round, rounds), done);
      if (round > 0) for (const { contender, sample } of done) samples.get(contender)?.push(sample);
    }
    return {
      scenario: scenario.name,
      contenders: describeContenders(samples),
      goals: goals.flatMap((goal) => judge(goal, samples) ?? []),
      seconds: (performance.now() - start) / 1_000,
      ...(once && { once }),
    };
  } finally {
    await close?.();
  }
}

function nameRound(round: number, rounds: number): string {
  if (round === 0) return 'warmed up';
  return round > rounds ? `round ${round}, for they disagree` : `round ${round} of ${rounds}`;
}

async function runRound(contenders: readonly Contender[], round: number) {
  const done: { contender: string; sample: Sample }[] = [];
  for (let turn = 0; turn < contenders.length; turn++) {
    const contender = contenders[(turn + round) % contenders.length];
    if (contender) done.push({ contender: contender.name, sample: await contender.run() });
  }
  return done;
}

/** Whether the rounds agree on how fast everybody is. */
function isAgreed(samples: ReadonlyMap<string, Sample[]>): boolean {
  const rates = [...samples.values()].map((of) => of.flatMap(({ perSecond }) => perSecond ?? []));
  return rates.every((of) => of.length === 0 || isSettled(spreadOf(of)));
}

/** Whose figures stand beside Rollcall's. */
const RIVAL = 'saml-jackson';
const LIMIT = 'limit';

/** The figures of all contenders, by the samples of their rounds. */
export function describeContenders(samples: ReadonlyMap<string, Sample[]>): ContenderResult[] {
  return [...samples].map(([contender, rounds]) => {
    const besideRival = compareRates(samples, contender, RIVAL);
    const besideLimit = compareRates(samples, contender, LIMIT);
    return {
      contender,
      median: summarizeRounds(rounds, median),
      spread: summarizeRounds(rounds, spreadOf),
      ...(besideRival && { besideRival }),
      ...(besideLimit && { besideLimit }),
      rounds,
    };
  });
}

const OURS = 'rollcall';

/** `rollcall, group of 10` stands beside `limit, group of 10`, or beside `limit` where that has no such situation. */
function compareRates(samples: ReadonlyMap<string, Sample[]>, contender: string, other: string): Figure | undefined {
  if (!contender.startsWith(OURS)) return undefined;
  const against = samples.get(`${other}${contender.slice(OURS.length)}`) ?? samples.get(other);
  const ratios = (samples.get(contender) ?? []).flatMap(({ perSecond }, round) => {
    const rate = against?.[round]?.perSecond;
    return perSecond === undefined || rate === undefined ? [] : perSecond / rate;
  });
  return figureOf(ratios);
}

/** Whether a promise holds, by the samples of each contender's rounds; undefined when one of the two did not take part. */
export function judge(goal: Goal, samples: ReadonlyMap<string, Sample[]>): GoalResult | undefined {
  const of = samples.get(goal.of);
  const against = goal.against === undefined ? undefined : samples.get(goal.against);
  if (!of?.length || (goal.against !== undefined && !against?.length)) return undefined;
  const otherMetric = goal.againstMetric ?? goal.metric;
  const rounds = of.map((sample, round) => {
    const figure = Number(sample[goal.metric]);
    if (!against) return { measured: figure, difference: Number.NaN };
    const other = Number(against[round]?.[otherMetric]);
    return { measured: figure / other, difference: figure - other };
  });
  const measured = median(rounds.map((round) => round.measured)) ?? Number.NaN;
  const difference = median(rounds.map((round) => round.difference)) ?? Number.NaN;
  const spread = spreadOf(rounds.map((round) => round.measured));
  return {
    ...goal,
    measured,
    ...(spread !== undefined && { spread }),
    holds: isWithin(goal, { measured, difference }),
    holdsAlways: rounds.every((round) => isWithin(goal, round)),
  };
}

function isWithin(
  { atLeast = 0, atMost = Number.POSITIVE_INFINITY, orWithin }: Goal,
  { measured, difference }: { measured: number; difference: number },
): boolean {
  return measured >= atLeast && (measured <= atMost || (orWithin !== undefined && difference <= orWithin));
}

const METRICS = [
  'perSecond',
  'seconds',
  'fairShares',
  'p50',
  'p95',
  'p99',
  'longest',
  'oldestChange',
  'serverCpuMs',
  'databaseCpuMs',
  'cpuMs',
  'loadCpuMs',
  'memoryMiB',
  'diskMiB',
] as const satisfies readonly (keyof Sample)[];

function summarizeRounds(
  rounds: readonly Sample[],
  summarize: (values: readonly number[]) => number | undefined,
): Sample {
  const figures = METRICS.map(
    (metric) => [metric, summarize(rounds.flatMap((sample) => sample[metric] ?? []))] as const,
  );
  return Object.fromEntries(figures.filter(([, value]) => value !== undefined));
}
