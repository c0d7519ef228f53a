import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from '@evertdespiegeleer/go-template';
import { parse as parseYaml } from 'yaml';

const CHART = fileURLToPath(new URL('rollcall/', import.meta.url));

/**
 * Renders the chart by Go's own template engine, as Helm does, for where there is no Helm:
 * `node infra/deploy/helm/render-chart.js '{"publicUrl":"https://directory.example.com"}'`. What Helm adds to Go's language is not
 * there, and the chart uses none of it. The values are not held to their schema.
 * @param {Record<string, unknown>} values what is set beside the chart's own values
 * @returns {Promise<string>} the manifests, each with the file it comes from
 */
async function renderChart(values) {
  const read = (path) => readFileSync(join(CHART, path), 'utf8');
  const chart = parseYaml(read('Chart.yaml'));
  const data = {
    Values: merge(parseYaml(read('values.yaml')), values),
    Chart: { Name: chart.name, Version: chart.version, AppVersion: chart.appVersion },
    Release: { Name: 'directory', Namespace: 'default', Service: 'Helm', IsInstall: true },
    Files: Object.fromEntries(
      readdirSync(join(CHART, 'files')).map((name) => [`files/${name}`, read(`files/${name}`)]),
    ),
  };
  const helpers = read('templates/_helpers.tpl');
  const names = readdirSync(join(CHART, 'templates')).filter((name) => !name.startsWith('_'));
  const rendered = [];
  for (const name of names.toSorted()) {
    const text = await parse(helpers + read(`templates/${name}`), data);
    if (text.trim() !== '') rendered.push(`---\n# Source: rollcall/templates/${name}\n${text.trim()}\n`);
  }
  return rendered.join('');
}

/** The values with others over them, as Helm lays them: maps are merged, everything else is replaced. */
function merge(values, others) {
  if (!isMap(values) || !isMap(others)) return others;
  const merged = Object.entries(others).map(([key, other]) => [key, key in values ? merge(values[key], other) : other]);
  return { ...values, ...Object.fromEntries(merged) };
}

function isMap(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

process.stdout.write(await renderChart(JSON.parse(process.argv[2] ?? '{}')));
// The engine waits for ever for what to render next.
process.exit(0);
