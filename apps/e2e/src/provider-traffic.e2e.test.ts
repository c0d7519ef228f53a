import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningRollcall, startRollcall } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CELLS, startCellsSystem } from './faults/support/start-cells-system';
import { createDirectory } from './support/create-directory';
import { replayTenants } from './support/replay-tenants';

const TRAFFIC = fileURLToPath(new URL('../traffic', import.meta.url));

const PROVIDERS = [
  { file: 'okta-oin.json', provider: 'OKTA' },
  { file: 'entra-default.json', provider: 'MICROSOFT_AD' },
];

interface Step {
  id: string;
  level?: 'must' | 'should' | 'info';
  when?: string;
}

interface StepResult {
  id: string;
  ok: boolean;
  status: number;
  errs: string[];
}

type System = Pick<RunningRollcall, 'baseUrl' | 'bootstrap'> & { stop(): Promise<unknown> };

const SYSTEMS: { of: string; start: () => Promise<System> }[] = [
  { of: 'one database', start: () => startRollcall() },
  { of: 'two databases', start: startSpread },
];

/** New organizations go to the cell that has the fewest: of two customers each is in another one. */
async function startSpread(): Promise<System> {
  const system = await startCellsSystem();
  const directories = [await createDirectory(system), await createDirectory(system)];
  const cells = await Promise.all(directories.map((directory) => system.cellOf(directory)));
  expect(new Set(cells)).toEqual(new Set(CELLS));
  return system;
}

describe.each(SYSTEMS)('an installation over $of', ({ start }) => {
  let system: System;

  beforeAll(async () => {
    system = await start();
  });

  afterAll(async () => {
    await system?.stop();
  });

  describe.each(PROVIDERS)('the traffic of $file', ({ file, provider }) => {
    const { steps } = JSON.parse(readFileSync(join(TRAFFIC, file), 'utf8')) as { steps: Step[] };
    let results: Map<string, StepResult>;

    beforeAll(async () => {
      results = await replay(system, file, provider);
    });

    it.each(steps.filter(({ level }) => level !== 'info'))('is answered as the provider needs it: $id', ({ id }) => {
      expect(results.get(id)).toMatchObject({ id, errs: [] });
    });
  });
});

/** Replays a file of recorded requests against two directories of two customers. */
async function replay(system: System, file: string, provider: string): Promise<Map<string, StepResult>> {
  const tenants = replayTenants([await createDirectory(system, provider), await createDirectory(system, provider)]);
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-replay-'));
  const report = join(folder, 'report.json');
  try {
    await run(process.execPath, [join(TRAFFIC, 'replay.mjs'), ...tenants, '--json', report, join(TRAFFIC, file)]);
    const all = JSON.parse(readFileSync(report, 'utf8')) as StepResult[];
    return new Map(all.map((result) => [result.id, result]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The exit code says only whether a step failed, which the report says better. */
function run(program: string, args: string[]): Promise<void> {
  return new Promise((resolve) => {
    execFile(program, args, () => resolve());
  });
}
