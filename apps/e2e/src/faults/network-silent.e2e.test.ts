import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, waitUntil } from '@rollcall/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ReadyDirectory } from '../support/create-directory';
import { readAllEvents } from '../support/read-all-events';
import { THOROUGH } from './support/choose-faults';
import { type Answered, type Asking, keepAsking } from './support/keep-asking';
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

/**
 * A success, a snapshot that was cut on its way, or 503 with a number of seconds; `/readyz` has no such number. What is not an
 * identity provider's ordinary call has places of which a tenant has few: beyond those that hang it is 429, with a number of
 * seconds too.
 */
function isInOrder({ request, status, retryAfter }: Answered): boolean {
  if (status === 200 || status === 201) return true;
  if (status === 0) return request === 'GET snapshot';
  if (request === 'GET /readyz') return status === 503;
  const hasFewPlaces = !request.includes('/Users');
  return (status === 503 || (status === 429 && hasFewPlaces)) && /^[1-9]\d*$/.test(retryAfter ?? '');
}

function hasSucceeded(answers: readonly Answered[], after: number): boolean {
  const kinds = new Set(answers.map(({ request }) => request));
  const well = answers.filter(({ began, status }) => began > after && status >= 200 && status < 300);
  return kinds.size > 0 && new Set(well.map(({ request }) => request)).size === Math.max(kinds.size, KINDS);
}

const KINDS = 8;

/** How often each kind was answered how, for an error. */
function summary(answers: readonly Answered[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { request, status } of answers) counts[`${request} ${status}`] = (counts[`${request} ${status}`] ?? 0) + 1;
  return counts;
}

function wasMadeAfter(answers: readonly Answered[], time: number): boolean {
  return answers.some(({ began, createdId }) => createdId !== undefined && began > time);
}

async function isPublished(directory: ReadyDirectory, ids: readonly string[]): Promise<boolean> {
  const seen = new Set((await readAllEvents(directory)).map(({ resourceId }) => resourceId));
  return ids.every((id) => seen.has(`diruser_${id}`));
}

/** Numbered without a gap, and no user is made twice, whether its request was acknowledged or not. */
async function expectPublishedOnce(directory: ReadyDirectory, ids: readonly string[]): Promise<void> {
  const events = await readAllEvents(directory);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  const created = events.filter(({ type }) => type.endsWith('user_created')).map(({ resourceId }) => resourceId);
  expect(created).toHaveLength(new Set(created).size);
  expect(created).toEqual(expect.arrayContaining(ids.map((id) => `diruser_${id}`)));
}

async function accessToken({ baseUrl, bootstrap }: FaultSystem): Promise<string> {
  const { client_id, client_secret } = bootstrap;
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
  const answer = await fetch(`${baseUrl}/oauth/token`, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}
