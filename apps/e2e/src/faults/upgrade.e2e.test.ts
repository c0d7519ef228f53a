import { freePort, type RunningRole, startRole, waitUntil } from '@rollcall/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { runLauncher } from '../support/run-launcher';
import { buildRelease, listReleases } from './support/build-release';
import { THOROUGH } from './support/choose-faults';
import { expectAllDelivered } from './support/expect-all-delivered';
import { provisionChanges } from './support/provision-changes';
import { type FaultSystem, startFaultSystem } from './support/start-fault-system';
import { type Round, startRound } from './support/start-round';
import { secondsSince, tell } from './support/tell';

/** In `npm test` from the last release, in `npm run test:faults` from each. */
const RELEASES = THOROUGH ? listReleases() : listReleases().slice(-1);

let system: FaultSystem | undefined;
const started: RunningRole[] = [];
const rounds: Round[] = [];

afterEach(async () => {
  await Promise.all(rounds.splice(0).map((round) => round.stop()));
  await Promise.all(started.splice(0).map((role) => role.kill9()));
  await system?.stop();
});

describe.each(RELEASES)('an upgrade from %s', (release) => {
  it('costs nobody anything: old and new processes serve side by side, on the database that was migrated under them', async () => {
    system = await startFaultSystem(null, { ingress: 'direct', release: await buildRelease(release) });
    const old = system;
    const oldWorker = await old.startWorker({ direct: true });

    // Written through the old ingress, before the database is migrated, meanwhile and afterwards.
    const before = await beginRound(old);
    let upgrading: Promise<FaultSystem> | undefined;
    const expectedOfOld = await provisionChanges(before.directories, async () => {
      await isUnderWay(before);
      upgrading = startNew(old);
    });
    const upgraded = await upgrading;
    if (!upgraded) throw new Error('Nothing was upgraded.');
    await expectAllDelivered(before, expectedOfOld);

    // Written through the new one, while the old processes end.
    const after = await beginRound(upgraded);
    let ending: Promise<unknown> | undefined;
    const expectedOfNew = await provisionChanges(after.directories, async () => {
      await isUnderWay(after);
      ending = Promise.all([oldWorker.stop(), old.ingress.stop()]);
    });
    expect(await ending).toEqual([0, 0]);
    await expectAllDelivered(after, expectedOfNew);
    expect(oldWorker.output() + old.ingress.output()).not.toMatch(/"code":"(42\w{3})"/);
  });
});

it.runIf(RELEASES.length === 0)('an upgrade was NOT tested: the history of the repository is not here', () => {
  expect(RELEASES).toEqual([]);
});

/** Brings the database up to date while the system runs, and starts today's processes beside the old ones. */
async function startNew(old: FaultSystem): Promise<FaultSystem> {
  const began = performance.now();
  const env = { ...old.environment, PORT: String(await freePort()) };
  const migrated = await runLauncher(['rollcall', 'migrate'], { ...env, DATABASE_OWNER_URL: old.ownerUrl });
  expect(migrated).toMatchObject({ code: 0, stdout: expect.stringMatching(/Applied \d+ migrations|up to date/) });
  tell(`the database was migrated within ${secondsSince(began)} s`);
  started.push(await startRole('ingress', env), await startRole('worker', env));
  return { ...old, baseUrl: `http://127.0.0.1:${env.PORT}` };
}

async function beginRound(of: FaultSystem): Promise<Round> {
  const round = await startRound(of);
  rounds.push(round);
  return round;
}

async function isUnderWay({ endpoints }: Round): Promise<void> {
  const received = () => endpoints.reduce((sum, { receiver }) => sum + receiver.requests.length, 0);
  await waitUntil(() => received() >= 20, { what: 'deliveries under way' });
}
