import type { Sample } from '../sample';
import type { Goal } from '../scenario';
import type { GoalResult, ScenarioResult } from '../run-scenario';

export interface ReportHead {
  time: string;
  machine: string;
  /** What the figures are, such as `Medians of 5 interleaved rounds.` */
  method: string;
}

/** All results as Markdown: the goals first, then the figures. */
export function renderReport(head: ReportHead, results: readonly ScenarioResult[]): string {
  const goals = results.flatMap((result) => result.goals.map((goal) => ({ scenario: result.scenario, goal })));
  return [
    `${head.time.slice(0, 16).replace('T', ' ')} UTC. ${head.machine}`,
    `${head.method} CPU is milliseconds per operation of the server, of PostgreSQL and of the benchmark, which sends the load and receives webhooks. Absolute figures hold for this machine; ratios carry over.`,
    '',
    ...(goals.length === 0 ? [] : ['| scenario | goal | measured | holds |', '|---|---|--:|---|']),
    ...goals.map(
      ({ scenario, goal }) => `| ${scenario} | ${describeGoal(goal)} | ${round(goal.measured)} | ${verdict(goal)} |`,
    ),
    '',
    '| scenario | of | per second | p50 ms | p95 | p99 | longest | CPU server | CPU database | CPU load | MiB |',
    '|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...results.flatMap(({ scenario, contenders }) =>
      contenders.map(({ contender, median }, index) => renderRow(index === 0 ? scenario : '', contender, median)),
    ),
  ].join('\n');
}

function renderRow(scenario: string, contender: string, sample: Sample): string {
  const { perSecond, p50, p95, p99, longest, serverCpuMs, databaseCpuMs, loadCpuMs, memoryMiB } = sample;
  const figures = [perSecond, p50, p95, p99, longest, serverCpuMs, databaseCpuMs, loadCpuMs, memoryMiB].map(round);
  return `| ${scenario} | ${contender} | ${figures.join(' | ')} |`;
}

/** Such as `rate of rollcall ≥ 3 × saml-jackson (aim 5)` or `p50 of rollcall ≤ 25 ms`. */
function describeGoal({ of, against, metric, atLeast, atMost, orWithin, goal }: Goal): string {
  const bounds = [
    atLeast === undefined ? [] : `≥ ${figure(atLeast)}`,
    atMost === undefined ? [] : `≤ ${figure(atMost)}`,
  ];
  const aim = goal === undefined ? '' : ` (aim ${figure(goal)})`;
  const { name, unit } = METRICS[metric];
  const within = orWithin === undefined ? '' : ` or ${figure(orWithin)} ${unit} more`;
  return `${name} of ${of} ${bounds.flat().join(' and ')} ${against === undefined ? unit : `× ${against}`}${within}${aim}`;
}

const METRICS: Record<keyof Sample, { name: string; unit: string }> = {
  perSecond: { name: 'rate', unit: 'a second' },
  p50: { name: 'p50', unit: 'ms' },
  p95: { name: 'p95', unit: 'ms' },
  p99: { name: 'p99', unit: 'ms' },
  longest: { name: 'longest', unit: 'ms' },
  serverCpuMs: { name: 'server CPU', unit: 'ms' },
  databaseCpuMs: { name: 'database CPU', unit: 'ms' },
  loadCpuMs: { name: 'load CPU', unit: 'ms' },
  memoryMiB: { name: 'memory', unit: 'MiB' },
};

function figure(value: number): string {
  return value.toLocaleString('en-US');
}

function verdict({ holds, reachesGoal, goal }: GoalResult): string {
  if (!holds) return '**no**';
  return goal !== undefined && reachesGoal ? 'yes, the aim too' : 'yes';
}

/** Three significant digits, thousands separated. */
function round(value: number | undefined): string {
  if (value === undefined) return '';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}
