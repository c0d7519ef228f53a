import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SPREAD_MAX } from '../figures';
import { QUIET_SHARE } from '../machine/watch-machine';
import { COLUMNS_EXPLAINED, renderFigures, renderGoals } from './render-report';
import type { Rendered } from './render-report';

/** What is published of a scenario, and of which run it is. */
export interface Published extends Rendered {
  time: string;
  machine: string;
  method: string;
}

/** A part of the page: the scenarios that it shows, in their order, and what a reader has to know of them. */
export interface PageSection {
  title: string;
  scenarios: readonly { name: string; note?: string }[];
}

const FOLDER = 'infra/bench';

/** Puts a scenario into the published results of a folder in place of what was there, and writes the page anew. */
export function publishResult(result: Published, sections: readonly PageSection[], folder = FOLDER): void {
  const figures = join(folder, 'published.json');
  const before = existsSync(figures) ? (JSON.parse(readFileSync(figures, 'utf8')) as Published[]) : [];
  const published = orderBySection(
    [...before.filter(({ scenario }) => scenario !== result.scenario), result],
    sections,
  );
  writeFileSync(figures, `${JSON.stringify(published, leaveOutRounds, 2)}\n`);
  writeFileSync(join(folder, 'RESULTS.md'), renderPage(published, sections));
}

/** The median and the spread say what there is to say of them. */
function leaveOutRounds(key: string, value: unknown): unknown {
  return key === 'rounds' ? undefined : value;
}

/** Why a result is not published; null when it may be. */
export function refusePublishing({ others }: Rendered, missing: readonly string[]): string | null {
  if (others === undefined) return 'whether the machine was quiet cannot be told here';
  if (others > QUIET_SHARE) return `other programs used ${Math.round(others * 100)} % of the machine meanwhile`;
  return missing.length === 0 ? null : `there was nothing to compare with: ${missing.join(' and ')} did not run`;
}

/** In the order of the page; what has no place on it any more is left out. */
function orderBySection(published: readonly Published[], sections: readonly PageSection[]): Published[] {
  const names = sections.flatMap(({ scenarios }) => scenarios.map(({ name }) => name));
  return names.flatMap((name) => published.find(({ scenario }) => scenario === name) ?? []);
}

/** The page of the published results. */
export function renderPage(published: readonly Published[], sections: readonly PageSection[]): string {
  const goals = renderGoals(published, 'refuse');
  return `${[
    '# Results',
    '',
    `What \`npm run bench -- --publish\` measured. \`npm run bench -- --help\` tells how to repeat it, [COST.md](COST.md) how cost grows. A figure whose rounds were further apart than ${SPREAD_MAX * 100} % is not told: in its place stands, in parentheses, how far apart the middle half of them was. "limit" is Rollcall's own SQL behind the least that can call it, without validation, rendering, limits or logs. Rollcall's worker is off unless a row says so. ${COLUMNS_EXPLAINED}`,
    '',
    ...describeMachines(published),
    ...(goals.length === 0 ? [] : ['', '## What must hold', '', ...goals]),
    ...sections.flatMap((section) => renderSection(section, published)),
  ].join('\n')}\n`;
}

/** One line for each machine and method, with the scenarios that it was used for when there are several. */
function describeMachines(published: readonly Published[]): string[] {
  const groups = new Map<string, Published[]>();
  for (const one of published) {
    const key = `${one.machine} ${one.method}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups].map(([key, of]) => {
    const days = [...new Set(of.map(({ time }) => time.slice(0, 10)))].toSorted();
    const when = days.length === 1 ? days[0] : `${days[0]} to ${days.at(-1)}`;
    const names = groups.size === 1 ? '' : ` ${of.map(({ scenario }) => scenario).join('; ')}.`;
    return `- ${when}: ${key}${names}`;
  });
}

function renderSection({ title, scenarios }: PageSection, published: readonly Published[]): string[] {
  const shown = scenarios.flatMap((scenario) => {
    const result = published.find((one) => one.scenario === scenario.name);
    return result ? { result, scenario } : [];
  });
  if (shown.length === 0) return [];
  const notes = shown.flatMap(({ scenario: { name, note } }) => (note ? `- **${name}**: ${note}` : []));
  return [
    '',
    `## ${title}`,
    '',
    ...renderFigures(
      shown.map(({ result }) => result),
      'refuse',
    ),
    ...(notes.length === 0 ? [] : ['', ...notes]),
  ];
}
