import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { loadConfig } from 'rolldown/config';
import type { OutputOptions, RolldownOptions } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseScenarios } from './choose-scenarios';
import { sendOne } from './load/drive-load';
import { runScenario } from './run-scenario';
import { SECTIONS } from './sections';
import { startWorld } from './systems/start-world';
import type { World } from './systems/start-world';

/** Built anew, beside what others build and measure; below node_modules, so that the packages are found. */
let programs: string;
let world: World;

beforeAll(async () => {
  await mkdir('node_modules/.cache', { recursive: true });
  programs = await mkdtemp('node_modules/.cache/rollcall-bench-');
  await Promise.all(['apps/ingress', 'infra/bench'].map(build));
  world = await startWorld({ quick: true, rivals: false, programs });
});

afterAll(async () => {
  await world?.close();
  await rm(programs, { recursive: true, force: true });
});

async function build(project: string): Promise<void> {
  const bundles = (await loadConfig('infra/build/rolldown.config.js', { configLoader: 'native' })) as RolldownOptions[];
  const options = bundles.find(({ output }) => (output as OutputOptions).dir === `dist/${project}`);
  const bundle = await rolldown(options ?? {});
  await bundle.write({ ...(options?.output as OutputOptions), dir: join(programs, project) });
  await bundle.close();
}

describe('the benchmark', () => {
  it('runs a scenario that is asked for by its name against Rollcall and the limit', async () => {
    const [scenario, ...others] = chooseScenarios(
      SECTIONS.flatMap(({ scenarios }) => scenarios),
      { only: 'deactivate user (PATCH active), 10,000 users, 16 in flight', quick: true },
    );
    if (!scenario) throw new Error('there is such a scenario');
    const rounds: string[] = [];
    const result = await runScenario(scenario, world, { rounds: 1, onRound: (name) => rounds.push(name) });
    expect(others).toEqual([]);
    expect(rounds).toEqual(['warmed up', 'round 1 of 1']);
    const [rollcall, limit] = result.contenders;
    expect([rollcall?.contender, limit?.contender]).toEqual(['rollcall', 'limit']);
    for (const one of [rollcall, limit]) {
      expect(one?.median.perSecond).toBeGreaterThan(0);
      expect(one?.median.p50).toBeGreaterThan(0);
    }
    expect(rollcall?.besideLimit?.value).toBeCloseTo(
      Number(rollcall?.median.perSecond) / Number(limit?.median.perSecond),
    );
    expect(result.goals.map(({ against }) => against)).toEqual(['limit']);
  });

  it.each(['rollcall', 'limit'] as const)('finds a user as the write before left it: %s', async (name) => {
    const system = await world.system(name);
    if (!system) throw new Error(`${name} is always to be had`);
    const directory = await system.createDirectory();
    const [id] = await system.seedUsers(directory, 1);
    const path = `/Users/${id}`;
    const Operations = [{ op: 'replace', value: { active: false } }];
    await sendOne(directory, { method: 'PATCH', path, body: { schemas: [PATCH_OP], Operations } });
    const groupId = await system.seedGroup(directory, 'Everyone', []);
    const add = [{ op: 'add', path: 'members', value: [{ value: id }] }];
    const group = `/Groups/${groupId}`;
    await sendOne(directory, {
      method: 'PATCH',
      path: group,
      body: { schemas: [PATCH_OP], Operations: add },
      expect: 204,
    });
    expect(await sendOne(directory, { method: 'GET', path })).toMatchObject({ id, active: false });
    expect(await sendOne(directory, { method: 'GET', path: '/Users?startIndex=1&count=10' })).toMatchObject({
      totalResults: 1,
      Resources: [{ id, active: false }],
    });
    expect(await sendOne(directory, { method: 'GET', path: group })).toMatchObject({ members: [{ value: id }] });
  });

  it('leaves no PostgreSQL running when something else of it cannot be stopped', async () => {
    const broken = await startWorld({ quick: true, rivals: false, programs });
    const { postmasterPid } = broken.database;
    expect(process.kill(postmasterPid, 0)).toBe(true);
    broken.atClose(() => Promise.reject(new Error('cannot be stopped')));
    await expect(broken.close()).rejects.toThrow('cannot be stopped');
    expect(() => process.kill(postmasterPid, 0)).toThrow('ESRCH');
  });
});

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
