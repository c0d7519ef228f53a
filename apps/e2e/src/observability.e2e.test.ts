import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildOktaUser, startReceiver, startRollcall, waitUntil } from '@rollcall/testing';
import type { RunningRollcall } from '@rollcall/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createDirectory } from './support/create-directory';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDER = join(ROOT, 'infra/observability');
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

/** Runs promtool and says how it ended; null where it is not installed. */
async function promtool(args: string[], input = ''): Promise<{ code: number; output: string } | null> {
  return new Promise((resolve) => {
    const child = execFile('promtool', args, { cwd: FOLDER }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') resolve(null);
      else resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
    });
    // One that is not there takes nothing.
    child.stdin?.on('error', () => undefined).end(input);
  });
}

const hasPromtool = (await promtool(['--version'])) !== null;
if (!hasPromtool && process.env.CI === 'true')
  throw new Error('promtool is missing: alert rules and metrics were not checked');
if (!hasPromtool) process.stderr.write('promtool is missing: "promtool" of observability did not run\n');

let server: RunningRollcall;
let scrape: string;

beforeAll(async () => {
  server = await startRollcall();
  const receiver = await startReceiver();
  const { api, scimUrl, token } = await createDirectory(server);
  await api('POST', '/webhook_endpoints', { url: receiver.url });
  const made = await fetch(`${scimUrl}/Users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify(buildOktaUser(1)),
  });
  expect(made.status).toBe(201);
  await waitUntil(() => server.output().includes('"msg":"delivery.attempted"'), { what: 'a delivery' });
  const [, port] = /"port":(\d+),"msg":"operated at"/.exec(server.output()) ?? [];
  scrape = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return async () => {
    await server.stop();
    await receiver.stop();
  };
});

/** Kinds of Rollcall's own series, by name. */
const served = () =>
  new Map([...scrape.matchAll(/^# TYPE (rollcall_\w+) (\w+)$/gm)].map(([, name, kind]) => [name, kind]));

/** Names of the samples that a series has: those of a histogram end in what they are. */
function isServed(sample: string): boolean {
  const kinds = served();
  const name = sample.replace(/_(bucket|sum|count)$/, '');
  return kinds.has(sample) || kinds.get(name) === 'histogram' || scrape.includes(`# TYPE ${sample} `);
}

const namesIn = (text: string) => new Set(text.match(/\b(?:rollcall|process|nodejs)_[a-z_0-9]+\b(?=[{[)\s<>=]|$)/gm));

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: Record<'summary' | 'description' | 'runbook', string>;
}

const rules = (parse(read('prometheus/rollcall-alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);

interface Panel {
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string }[];
}
const dashboard = JSON.parse(read('grafana/rollcall.json')) as { panels: Panel[] };

describe('the log', () => {
  it('has one JSON line for each thing, with ids as the API shows them, and nobody in it', () => {
    const lines = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['request', 'directory.drained', 'delivery.attempted']),
    );
    const ids = told.flatMap((line) =>
      Object.entries(line).filter(([name]) => name.endsWith('_id') && name !== 'trace_id'),
    );
    expect(ids.length).toBeGreaterThan(10);
    expect(ids.filter(([, id]) => !/^[a-z]{2,8}_[0-9a-z]{26}$/.test(String(id)))).toEqual([]);
    expect(lines.join('\n')).not.toMatch(/@example\.com/);
  });
});

describe('the table of series', () => {
  it('has each series that the processes tell, with its kind, and no other', () => {
    const rows = [...read('README.md').matchAll(/^\| `(rollcall_\w+)`(?: \*)? \| (\w+) \|/gm)];
    expect(rows.map(([, name, kind]) => `${name} ${kind}`).toSorted()).toEqual(
      [...served()].map(([name, kind]) => `${name} ${kind}`).toSorted(),
    );
  });

  it('names the labels that the samples have', () => {
    const samples = [...scrape.matchAll(/^(rollcall_\w+?)(?:_bucket|_sum|_count)?\{(.*)\} /gm)];
    const found = new Map<string, Set<string>>();
    for (const [, name = '', labels = ''] of samples) {
      const own = [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label);
      found.set(
        name,
        new Set([...(found.get(name) ?? []), ...own.filter((label) => label !== 'process' && label !== 'le')]),
      );
    }
    const rows = read('README.md').matchAll(/^\| `(rollcall_\w+)`(?: \*)? \| \w+ \| ([^|]*) \|/gm);
    for (const [, name = '', cell = ''] of rows) {
      // A label, and what it may be.
      const labels = cell.split('; ').flatMap((part) => /^`(\w+)`/.exec(part)?.[1] ?? []);
      const own = found.get(name);
      if (own) expect([name, new Set(labels)]).toEqual([name, own]);
    }
    expect(found.size).toBeGreaterThan(15);
  });
});

describe('alerts', () => {
  it('ask for nothing that no process tells', () => {
    const names = rules.flatMap(({ expr }) => [...namesIn(expr)]);
    expect(names.length).toBeGreaterThanOrEqual(rules.length - 1);
    expect(names.filter((name) => !isServed(name))).toEqual([]);
  });

  it.each(rules)('$alert says what happened, what it means for customers, and where to look first', (rule) => {
    const { alert, annotations, labels } = rule;
    expect(['critical', 'warning', 'info']).toContain(labels.severity);
    for (const text of [annotations.summary, annotations.description]) expect(text).toMatch(/^[A-Z{].{15,}\.$/s);
    expect(annotations.runbook).toBe(`.github/OPERATIONS.md#${alert.toLowerCase()}`);
    expect(readFileSync(join(ROOT, '.github/OPERATIONS.md'), 'utf8')).toMatch(
      new RegExp(`^#+ ${alert}\\n\\n.{80,}`, 'm'),
    );
  });

  it.each(rules)('$alert is shown to come, and not to come before', ({ alert }) => {
    const { tests } = parse(read('prometheus/rollcall-alerts.test.yml')) as {
      tests: { name: string; promql_expr_test: { exp_samples: unknown[] }[] }[];
    };
    const own = tests.find(({ name }) => name === alert);
    expect(own?.promql_expr_test.map(({ exp_samples: samples }) => samples.length)).toEqual([0, 1]);
  });
});

describe('the dashboard', () => {
  it('asks for nothing that no process tells, and shows every series', () => {
    const names = new Set(
      dashboard.panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => [...namesIn(expr)])),
    );
    expect([...names].filter((name) => !isServed(name))).toEqual([]);
    const shown = new Set([...names].map((name) => name.replace(/_(bucket|sum|count)$/, '')));
    expect([...served().keys()].filter((name) => name && !shown.has(name))).toEqual([]);
  });

  it('has no two panels in one place', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describe.runIf(hasPromtool)('promtool', () => {
  it('finds nothing to say about what the processes tell', async () => {
    expect(await promtool(['check', 'metrics'], scrape)).toEqual({ code: 0, output: '' });
  });

  it('takes the rules, and sees each alert come when it should', async () => {
    expect(await promtool(['check', 'rules', 'prometheus/rollcall-alerts.yml'])).toMatchObject({ code: 0 });
    const tested = await promtool(['test', 'rules', 'prometheus/rollcall-alerts.test.yml']);
    expect(tested).toMatchObject({ code: 0, output: expect.stringContaining('SUCCESS') });
  });

  it('can read every query of the dashboard', async () => {
    const exprs = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const groups = [
      {
        name: 'dashboard',
        rules: exprs.map((expr, n) => ({ record: `panel_${n}`, expr: expr.replaceAll('$__rate_interval', '5m') })),
      },
    ];
    const file = join(server.dataDir, 'dashboard-rules.json');
    writeFileSync(file, JSON.stringify({ groups }));
    expect(await promtool(['check', 'rules', file])).toMatchObject({ code: 0 });
  });
});
