import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ScenarioResult } from '../run-scenario';
import { renderReport } from './render-report';
import type { ReportHead } from './render-report';

/** Writes `<output>.md` and, with the figures of every round, `<output>.json`. */
export function writeReport(
  output: string,
  head: ReportHead,
  results: readonly (ScenarioResult & { others?: number })[],
): void {
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(`${output}.md`, `${renderReport(head, results)}\n`);
  writeFileSync(`${output}.json`, `${JSON.stringify({ ...head, results }, null, 2)}\n`);
}
