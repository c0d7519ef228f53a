import { setTimeout as sleep } from 'node:timers/promises';
import { type Hold, type Place, type RunningRole, startReceiver } from '@rollcall/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ReadyDirectory } from '../support/create-directory';
import { readAllEvents } from '../support/read-all-events';
import { EVENTS, THOROUGH } from './support/choose-faults';
import { expectAllDelivered, expectNumbered } from './support/expect-all-delivered';
import { provision } from './support/provision-changes';
import { type FaultSystem, startFaultSystem } from './support/start-fault-system';
import { addEndpoint, makeDirectories, type Round } from './support/start-round';
import { secondsSince, tell } from './support/tell';

/** Every statement of a drain by what only it says, and how the drain stands there. */
const DRAIN = [
  'find_directory_tenant',
  'SELECT last_sequence, epoch, total_users',
  'claim_next_changes',
  'FROM published_users',
  "'eventTypes', event_types",
  'INSERT INTO events',
  'INSERT INTO published_users',
  'DELETE FROM changes',
  'UPDATE directory_counters SET last_sequence',
];
const DRAIN_PLACES: Place[] = [
  ...DRAIN.flatMap((statement) => bothWays([statement])),
  ...bothWays(['INSERT INTO events', 'COMMIT']),
];
const EXCHANGE_PLACES: Place[] = [...bothWays(['exchange_deliveries']), ...bothWays(['"state":"succeeded"'])];

/** A statement that no worker sends would be waited for until the suite hangs. */
const REACHED_WITHIN_MS = 60_000;

/** With the directory's lock, and before an exchange. */
const IN_CI = (place: Place) =>
  (place.sent[0] === 'SELECT last_sequence, epoch, total_users' && place.hold === 'answer') ||
  (place.sent[0] === 'exchange_deliveries' && place.hold === 'request');

function bothWays(sent: readonly string[]): Place[] {
  return [
    { sent, hold: 'request' },
    { sent, hold: 'answer' },
  ];
}

function named(places: readonly Place[]): [string, Place][] {
  return places
    .filter((place) => THOROUGH || IN_CI(place))
    .map((place) => [`${place.sent.join(' … ')} (${place.hold})`, place]);
}

describe('while one of two workers stands still', () => {
  let system: FaultSystem;
  let frozen: RunningRole;
  let other: RunningRole;
  let round: Round | undefined;

  beforeAll(async () => {
    system = await startFaultSystem(null);
    return () => system.stop();
  });

  afterEach(async () => {
    await Promise.all([frozen, other].map((worker) => worker?.kill9()));
    await round?.stop();
    round = undefined;
  });

  it.each(named(DRAIN_PLACES))('the other publishes every change: in a drain at %s', async (_name, place) => {
    other = await system.startWorker({ direct: true });
    const directories = await makeDirectories(system);
    const hold = await freezeAt(place, directories);
    const began = performance.now();
    const expected = await hold.result;
    for (const directory of directories) await expectNumbered(directory, expected.get(directory.directoryId) ?? 0);
    tell(`every event was there ${secondsSince(began)} s after the worker stood still`);
    await goOn(hold);
    // Alone again, it publishes what comes, and nothing of before for a second time.
    await other.stop();
    const [directory] = directories;
    if (!directory) throw new Error('There is no directory.');
    await directory.api(
      'PATCH',
      `/organizations/${directory.organizationId}/directories/${directory.directoryId}:disable`,
    );
    await expectNumbered(directory, (expected.get(directory.directoryId) ?? 0) + 1);
    for (const { directoryId } of directories.slice(1)) {
      const events = await readAllEvents({ ...directory, directoryId });
      expect(events).toHaveLength(expected.get(directoryId) ?? 0);
    }
  });

  it.each(named(EXCHANGE_PLACES))('the other delivers every event: in an exchange at %s', async (_name, place) => {
    other = await system.startWorker({ direct: true });
    const directories = await makeDirectories(system);
    const receiver = await startReceiver();
    const endpoint = { ...(await addEndpoint(directories, { url: receiver.url, ordering: 'resource' })), receiver };
    round = { system, directories, endpoints: [endpoint], stop: () => receiver.stop() };
    const hold = await freezeAt(place, directories);
    const began = performance.now();
    await expectAllDelivered(round, await hold.result);
    tell(`every event was delivered ${secondsSince(began)} s after the worker stood still`);
    await goOn(hold);
    await other.stop();
    await expectAllDelivered(round, await hold.result);
  });

  /**
   * Stops a new worker by SIGSTOP in that place, with the connection on which it is there silent for as long. Changes are provisioned until
   * it comes there, for the other one may do all of a few.
   */
  async function freezeAt(
    place: Place,
    directories: readonly ReadyDirectory[],
  ): Promise<Hold & { result: Promise<Map<string, number>> }> {
    const hold = system.wayToPostgres.holdAt(place);
    frozen = await system.startWorker();
    let isOver = false;
    const reached = hold.reached.then(() => true);
    const isReached = Promise.race([reached, sleep(REACHED_WITHIN_MS, false)]).finally(() => (isOver = true));
    const result = provision(directories, { isEnough: (events) => isOver && events >= EVENTS + directories.length });
    if (!(await isReached)) throw new Error(`no worker came to: ${place.sent.join(' … ')} (${place.hold})`);
    process.kill(frozen.pid, 'SIGSTOP');
    return { ...hold, result };
  }

  async function goOn(hold: Hold): Promise<void> {
    process.kill(frozen.pid, 'SIGCONT');
    hold.release();
    expect(frozen.hasEnded()).toBe(false);
  }
});
