import { isSettled, SPREAD_MAX } from '../figures';
import type { Figure } from '../figures';
import { QUIET_SHARE } from '../machine/watch-machine';
import type { ContenderResult, GoalResult, ScenarioResult } from '../run-scenario';
import type { Sample } from '../sample';
import type { Goal } from '../scenario';

export interface ReportHead {
  time: string;
  machine: string;
  /** What the figures are, such as `Medians of 5 interleaved rounds.` */
  method: string;
}

/** What was measured, without the samples of its rounds. */
export type Rendered = Omit<ScenarioResult, 'contenders'> & {
  contenders: readonly Omit<ContenderResult, 'rounds'>[];
  /** The share of the machine that others used meanwhile; absent where that is not known. */
  others?: number;
};

/** Of figures that are not settled: `tell` shows them with their spread, `refuse` shows the spread alone. */
export type Unsettled = 'tell' | 'refuse';

export const COLUMNS_EXPLAINED =
  'CPU is milliseconds per operation of the server, of PostgreSQL and of the benchmark, which sends the load and receives webhooks. Ratios are of rates within one round. Absolute figures hold for this machine; ratios carry over.';

/** All results as Markdown: the goals first, then the figures. */
export function renderReport(head: ReportHead, results: readonly Rendered[]): string {
  return [
    `${head.time.slice(0, 16).replace('T', ' ')} UTC. ${head.machine}`,
    `${head.method} A percentage in parentheses says how far the rounds lie apart, where that is more than ${SPREAD_MAX * 100} %. ${COLUMNS_EXPLAINED}`,
    ...describeUnrest(results),
    '',
    ...renderGoals(results, 'tell'),
    '',
    ...renderFigures(results, 'tell'),
  ].join('\n');
}

function describeUnrest(results: readonly Rendered[]): string[] {
  const disturbed = results.filter(({ others = 0 }) => others > QUIET_SHARE);
  if (disturbed.length === 0) return [];
  const names = disturbed.map(({ scenario, others = 0 }) => `${scenario} (${percent(others)})`);
  return ['', `**The machine was not quiet**: other programs used it during ${names.join('; ')}.`];
}

/** The promises and whether they hold; nothing when there are none. */
export function renderGoals(results: readonly Rendered[], unsettled: Unsettled): string[] {
  const rows = results.flatMap(({ scenario, goals, once = false }) =>
    goals.map((goal) => {
      const measured = cell(goal.measured, { spread: goal.spread, once, unsettled });
      return `| ${scenario} | ${describeGoal(goal)} | ${measured} | ${verdict(goal, once)} |`;
    }),
  );
  return rows.length === 0 ? [] : ['| scenario | goal | measured | holds |', '|---|---|--:|---|', ...rows];
}

interface Column {
  title: string;
  figure: (of: Rendered['contenders'][number]) => Figure | undefined;
}

const COLUMNS: readonly Column[] = [
  { title: 'per second', figure: metric('perSecond') },
  { title: '× saml-jackson', figure: ({ besideRival }) => besideRival },
  { title: '× limit', figure: ({ besideLimit }) => besideLimit },
  { title: 'seconds', figure: metric('seconds') },
  { title: '× fair share', figure: metric('fairShares') },
  { title: 'p50 ms', figure: metric('p50') },
  { title: 'p95', figure: metric('p95') },
  { title: 'p99', figure: metric('p99') },
  { title: 'longest', figure: metric('longest') },
  { title: 'oldest change', figure: metric('oldestChange') },
  { title: 'CPU server', figure: metric('serverCpuMs') },
  { title: 'CPU database', figure: metric('databaseCpuMs') },
  { title: 'CPU load', figure: metric('loadCpuMs') },
  { title: 'MiB', figure: metric('memoryMiB') },
  { title: 'MiB on disk', figure: metric('diskMiB') },
];

function metric(name: keyof Sample): Column['figure'] {
  return ({ median, spread }) => {
    const value = median[name];
    return value === undefined ? undefined : { value, spread: spread[name] };
  };
}

/** One row for each contender, with the columns that any of them has. */
export function renderFigures(results: readonly Rendered[], unsettled: Unsettled): string[] {
  const all = results.flatMap(({ contenders }) => contenders);
  const columns = COLUMNS.filter(({ figure }) => all.some((contender) => figure(contender) !== undefined));
  const rows = results.flatMap(({ scenario, contenders, once = false }) =>
    contenders.map((contender, index) => {
      const cells = columns.map(({ figure }) => {
        const { value, spread } = figure(contender) ?? {};
        return cell(value, { spread, once, unsettled });
      });
      return `| ${index === 0 ? scenario : ''} | ${contender.contender} | ${cells.join(' | ')} |`;
    }),
  );
  return [
    `| scenario | of | ${columns.map(({ title }) => title).join(' | ')} |`,
    `|---|---|${columns.map(() => '--:|').join('')}`,
    ...rows,
  ];
}

interface CellOptions {
  spread: number | undefined;
  /** One long run has no rounds that could disagree. */
  once: boolean;
  unsettled: Unsettled;
}

function cell(value: number | undefined, { spread, once, unsettled }: CellOptions): string {
  if (value === undefined) return '';
  if (once || isSettled(spread)) return round(value);
  const apart = spread === undefined ? 'too few rounds' : percent(spread);
  if (unsettled === 'refuse') return `(${apart})`;
  return spread === undefined ? round(value) : `${round(value)} (${apart})`;
}

/** Such as `rate of rollcall ≥ 3 × saml-jackson` or `p50 of rollcall ≤ 25 ms`. */
function describeGoal({ of, against, metric: measured, againstMetric, atLeast, atMost, orWithin }: Goal): string {
  const bounds = [
    atLeast === undefined ? [] : `≥ ${figure(atLeast)}`,
    atMost === undefined ? [] : `≤ ${figure(atMost)}`,
  ];
  const { name, unit } = METRICS[measured];
  const within = orWithin === undefined ? '' : ` or ${figure(orWithin)} ${unit} more`;
  const other = againstMetric === undefined ? against : `${METRICS[againstMetric].name} of ${against}`;
  return `${name} of ${of} ${bounds.flat().join(' and ')} ${against === undefined ? unit : `× ${other}`}${within}`;
}

const METRICS: Record<keyof Sample, { name: string; unit: string }> = {
  perSecond: { name: 'rate', unit: 'a second' },
  seconds: { name: 'time', unit: 's' },
  fairShares: { name: 'longest wait', unit: '× its fair share' },
  p50: { name: 'p50', unit: 'ms' },
  p95: { name: 'p95', unit: 'ms' },
  p99: { name: 'p99', unit: 'ms' },
  longest: { name: 'longest', unit: 'ms' },
  oldestChange: { name: 'oldest pending change', unit: 'ms' },
  serverCpuMs: { name: 'server CPU', unit: 'ms' },
  databaseCpuMs: { name: 'database CPU', unit: 'ms' },
  cpuMs: { name: 'CPU of servers and database', unit: 'ms' },
  loadCpuMs: { name: 'load CPU', unit: 'ms' },
  memoryMiB: { name: 'memory', unit: 'MiB' },
  diskMiB: { name: 'disk', unit: 'MiB' },
};

function figure(value: number): string {
  return value.toLocaleString('en-US');
}

/** A goal whose rounds disagree counts as held, or missed, only when every one says so. */
function verdict({ holds, holdsAlways, spread }: GoalResult, once: boolean): string {
  if (once || isSettled(spread)) return holds ? 'yes' : '**no**';
  if (holdsAlways) return 'yes, in every round';
  return holds ? 'not in every round' : '**no**';
}

function percent(share: number): string {
  return share > 1 ? '> 100 %' : `${Math.round(share * 100)} %`;
}

/** Three significant digits, thousands separated. */
export function round(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}
