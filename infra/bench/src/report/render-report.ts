import type { Sample } from '../sample';
import type { Goal } from '../scenario';
import type { GoalResult, ScenarioResult } from '../run-scenario';

export interface ReportHead {
  time: string;
  machine: string;
  rounds: number;
}

/** All results as Markdown: the goals first, then the figures. */
export function renderReport(head: ReportHead, results: readonly ScenarioResult[]): string {
  const goals = results.flatMap((result) => result.goals.map((goal) => ({ scenario: result.scenario, goal })));
  return [
    `${head.time.slice(0, 16).replace('T', ' ')} UTC. ${head.machine}`,
    `Medians of ${head.rounds} interleaved rounds. CPU is milliseconds per operation of the server and of PostgreSQL. Absolute figures hold for this machine; ratios carry over.`,
    '',
    ...(goals.length === 0 ? [] : ['| scenario | goal | median ratio | holds |', '|---|---|--:|---|']),
    ...goals.map(
      ({ scenario, goal }) => `| ${scenario} | ${describeGoal(goal)} | ${round(goal.ratio)} | ${verdict(goal)} |`,
    ),
    '',
    '| scenario | of | per second | p50 ms | p95 | p99 | CPU server | CPU database | MiB |',
    '|---|---|--:|--:|--:|--:|--:|--:|--:|',
    ...results.flatMap(({ scenario, contenders }) =>
      contenders.map(({ contender, median }, index) => renderRow(index === 0 ? scenario : '', contender, median)),
    ),
  ].join('\n');
}

function renderRow(scenario: string, contender: string, sample: Sample): string {
  const { perSecond, p50, p95, p99, serverCpuMs, databaseCpuMs, memoryMiB } = sample;
  const figures = [p50, p95, p99, serverCpuMs, databaseCpuMs].map(round);
  return `| ${scenario} | ${contender} | ${round(perSecond)} | ${figures.join(' | ')} | ${memoryMiB === undefined ? '' : Math.round(memoryMiB)} |`;
}

/** Such as `rollcall ≥ 3 × saml-jackson per second (aim 5)`. */
function describeGoal({ of, against, metric, atLeast, atMost, goal }: Goal): string {
  const bounds = [atLeast === undefined ? '' : `≥ ${atLeast}`, atMost === undefined ? '' : `≤ ${atMost}`].filter(
    Boolean,
  );
  const aim = goal === undefined ? '' : ` (aim ${goal})`;
  return `${METRIC_NAMES[metric]} of ${of} ${bounds.join(' and ')} × ${against}${aim}`;
}

const METRIC_NAMES: Record<keyof Sample, string> = {
  perSecond: 'rate',
  p50: 'p50',
  p95: 'p95',
  p99: 'p99',
  serverCpuMs: 'server CPU',
  databaseCpuMs: 'database CPU',
  memoryMiB: 'memory',
};

function verdict({ holds, reachesGoal, goal }: GoalResult): string {
  if (!holds) return '**no**';
  return goal !== undefined && reachesGoal ? 'yes, the aim too' : 'yes';
}

/** Three significant digits, thousands separated. */
function round(value: number | undefined): string {
  if (value === undefined) return '';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}
