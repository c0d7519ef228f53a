import { cpus } from 'node:os';
import type { Measurement } from './measure-rounds';

/** A Markdown table of measurements with the machine they were taken on. */
export function renderTable(measurements: readonly Measurement[]): string {
  const [cpu] = cpus();
  return [
    `${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, Node.js ${process.versions.node}`,
    '',
    '| operation | per second of one core (median) | min – max | goal |',
    '|---|--:|--:|--:|',
    ...measurements.map(
      ({ name, median, min, max, goalPerSecond }) =>
        `| ${name} | ${format(median)} | ${format(min)} – ${format(max)} | ${goalPerSecond === undefined ? '' : `≥ ${format(goalPerSecond)}`} |`,
    ),
  ].join('\n');
}

function format(rate: number): string {
  return Math.round(rate).toLocaleString('en-US');
}
