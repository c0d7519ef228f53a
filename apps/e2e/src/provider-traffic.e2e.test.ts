import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningRollcall, startRollcall } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

let rollcall: RunningRollcall;

beforeAll(async () => {
  rollcall = await startRollcall();
});

afterAll(async () => {
  await rollcall?.stop();
});

describe.each(PROVIDERS)('the traffic of $file', ({ file, provider }) => {
  const { steps } = JSON.parse(readFileSync(join(TRAFFIC, file), 'utf8')) as { steps: Step[] };
  let results: Map<string, StepResult>;

  beforeAll(async () => {
    results = await replay(file, provider);
  });

  it.each(steps.filter(({ level }) => level !== 'info'))('is answered as the provider needs it: $id', ({ id }) => {
    expect(results.get(id)).toMatchObject({ id, errs: [] });
  });
});

/** Replays a file of recorded requests against two directories of two customers. */
async function replay(file: string, provider: string): Promise<Map<string, StepResult>> {
  const tenants = replayTenants([await createDirectory(rollcall, provider), await createDirectory(rollcall, provider)]);
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
