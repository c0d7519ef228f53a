import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, waitUntil } from '@rollcall/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ReadyDirectory } from '../support/create-directory';
import { THOROUGH } from './support/choose-faults';
import { accessToken } from './support/access-token';
import {
  expectPublishedOnce,
  hasSucceeded,
  isInOrder,
  isPublished,
  summary,
  wasMadeAfter,
} from './support/judge-answers';
import { type Asking, keepAsking } from './support/keep-asking';
import { type FaultSystem, startFaultSystem } from './support/start-fault-system';
import { makeDirectories } from './support/start-round';
import { secondsSince, tell } from './support/tell';

/** Longer than whatever waits for an answer of PostgreSQL. */
const SILENCE_MS = THOROUGH ? 20_000 : 12_000;
/** After this no request may be without an answer. Beyond it there is room for a machine that has other things to do. */
const ANSWERED_WITHIN_MS = 15_000;
const SLOW_MACHINE_MS = 15_000;

const redis = THOROUGH ? await startRedis() : null;
afterAll(() => redis?.stop());

describe.each(redis ? ['PostgreSQL', 'Redis'] : ['PostgreSQL'])('with the queue on %s', (queue) => {
  let system: FaultSystem;
  let directories: ReadyDirectory[];
  let asking: Asking | undefined;

  beforeAll(async () => {
    system = await startFaultSystem(queue === 'Redis' ? redis : null, { ingress: 'throughProxies' });
    await Promise.all([system.startWorker(), system.startWorker()]);
    directories = await makeDirectories(system);
    return () => system.stop();
  });

  afterEach(() => asking?.end());

  it('a network that goes silent costs 503 answers in time and nothing else, and is recovered from alone', async () => {
    const [directory] = directories;
    if (!directory) throw new Error('There is no directory.');
    asking = keepAsking(system, directory, await accessToken(system));
    const { answers } = asking;
    await waitUntil(() => hasSucceeded(answers, 0), {
      what: 'every kind of request being answered before',
      saw: () => summary(answers),
    });

    await system.wayToPostgres.setFault({ kind: 'silent' });
    await system.wayToRedis?.setFault({ kind: 'silent' });
    await sleep(SILENCE_MS);
    await system.wayToPostgres.setFault({ kind: 'pass' });
    await system.wayToRedis?.setFault({ kind: 'pass' });
    const back = performance.now();

    await waitUntil(() => hasSucceeded(answers, back), {
      what: 'every kind of request being answered again',
      saw: () => summary(answers),
    });
    tell(`every kind of request was answered again after ${secondsSince(back)} s`);
    await waitUntil(() => wasMadeAfter(answers, back), { what: 'a user being made' });
    await asking.end();
    const made = answers.flatMap(({ createdId }) => createdId ?? []);
    await waitUntil(async () => isPublished(directory, made), { what: 'every acknowledged user being an event' });
    tell(`every acknowledged write was published ${secondsSince(back)} s after the network came back`);

    expect(answers.filter(({ ms }) => ms > ANSWERED_WITHIN_MS + SLOW_MACHINE_MS)).toEqual([]);
    tell(`the slowest answer took ${(Math.max(...answers.map(({ ms }) => ms)) / 1_000).toFixed(1)} s`);
    expect(answers.filter((answer) => !isInOrder(answer))).toEqual([]);
    await expectPublishedOnce(directory, made);
    expect(await (await fetch(`${system.baseUrl}/readyz`)).json()).toEqual({ status: 'ok', degraded: [] });
  });
});
