import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Takes the alert rules into the chart, in one line, as a manifest can hold them: `node infra/deploy/helm/copy-alerts.js`. */
const rules = readFileSync(new URL('../../observability/prometheus/rollcall-alerts.yml', import.meta.url), 'utf8');
writeFileSync(new URL('rollcall/files/alerts.json', import.meta.url), `${JSON.stringify(parse(rules))}\n`);
