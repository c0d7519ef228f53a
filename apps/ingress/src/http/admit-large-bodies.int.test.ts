import { once } from 'node:events';
import { request } from 'node:http';
import type { ClientRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { scimClient } from '../testing/scim-client';
import { seedDirectory } from '../testing/seed-directory';
import type { SeededDirectory } from '../testing/seed-directory';
import { startTestIngress } from '../testing/start-test-ingress';
import { useScim } from '../testing/use-scim';

const suite = useScim();
const calls: LargeCall[] = [];

afterEach(() => {
  for (const { call } of calls.splice(0)) call.destroy();
});

interface LargeCall {
  call: ClientRequest;
  /** What has not been sent yet. */
  rest: string;
  /** Status and Retry-After, once answered. */
  answer: { status: number; retryAfter: string | undefined } | undefined;
  answered: Promise<unknown>;
}

interface Part {
  /** Of which directory; the suite's by default. */
  of?: SeededDirectory;
  /** Members of the group, all the same one: 39 bytes each. */
  members?: number;
  /** How much of the body is sent at first. */
  sent?: number;
  headers?: Record<string, string>;
}

const LARGE = 8_000;
/** Its body outgrows a directory's share of the memory. */
const HUGE = 40_000;

/** A PUT of a new group, of whose body only a part is sent. */
async function beginPut({ of = suite.directory, members = LARGE, sent = 0.5, headers }: Part): Promise<LargeCall> {
  const { id } = await suite.makeGroup([], scimClient(of));
  const member = { value: newId() };
  const body = JSON.stringify({
    displayName: suite.unique('L'),
    members: Array.from({ length: members }, () => member),
  });
  const { hostname, port, pathname } = new URL(`${of.scimUrl}/Groups/${id}`);
  const call = request({
    hostname,
    port,
    path: pathname,
    method: 'PUT',
    agent: false,
    headers: {
      authorization: `Bearer ${of.token}`,
      'content-type': 'application/scim+json',
      ...(headers ?? { 'content-length': String(body.length) }),
    },
  });
  const cut = Math.floor(body.length * sent);
  const large: LargeCall = { call, rest: body.slice(cut), answer: undefined, answered: Promise.resolve() };
  large.answered = once(call, 'response').then(([response]) => {
    large.answer = { status: response.statusCode, retryAfter: response.headers['retry-after'] };
    response.resume();
  });
  large.answered.catch(() => undefined);
  call.write(body.slice(0, cut));
  calls.push(large);
  return large;
}

function finish({ call, rest }: LargeCall): void {
  call.end(rest);
}

async function putWhole(part: Part): Promise<LargeCall> {
  const large = await beginPut(part);
  finish(large);
  await large.answered;
  return large;
}

/** Small requests are answered; the time they take lets the server look at all that was sent before. */
async function expectSmallRequestsAnswered(): Promise<void> {
  for (let count = 0; count < 5; count++) {
    expect(await suite.scim('GET', '/Users?count=1')).toMatchObject({ status: 200 });
    expect((await suite.makeUser()).id).toBeTypeOf('string');
    await sleep(20);
  }
}

const OK = { status: 200 };

describe('a body that outgrows its directory’s share', () => {
  it('keeps nobody waiting but others like it, which come in their turn', async () => {
    const first = await beginPut({ members: HUGE, sent: 0.9 });
    await expectSmallRequestsAnswered();
    const second = await beginPut({ of: await suite.seed(), members: HUGE });
    finish(second);
    await expectSmallRequestsAnswered();
    expect((await putWhole({})).answer).toMatchObject(OK);
    expect((await putWhole({ of: await suite.seed() })).answer).toMatchObject(OK);
    expect([first.answer, second.answer]).toEqual([undefined, undefined]);
    // The first sender breaks off: its turn is over.
    first.call.destroy();
    await second.answered;
    expect(second.answer).toMatchObject(OK);
  });

  it('is refused with 503 and Retry-After when too many of the directory wait, and nothing else', async () => {
    const first = await beginPut({ members: HUGE, sent: 0.9 });
    await expectSmallRequestsAnswered();
    const waiting: LargeCall[] = [];
    for (let count = 0; count < 13; count++) waiting.push(await beginPut({ members: HUGE }));
    for (const large of waiting) finish(large);
    await Promise.race(waiting.map(({ answered }) => answered));
    await expectSmallRequestsAnswered();
    expect((await putWhole({ of: await suite.seed() })).answer).toMatchObject(OK);
    const refused = waiting.filter(({ answer }) => answer !== undefined);
    expect(refused.map(({ answer }) => answer)).toEqual([{ status: 503, retryAfter: '5' }]);
    first.call.destroy();
    await Promise.all(waiting.map(({ answered }) => answered));
    expect(waiting.filter(({ answer }) => answer?.status === 200)).toHaveLength(12);
  });
});

/** A length that is only announced. */
const ANNOUNCED = { 'content-length': String(16 * 1024 * 1024) };

describe('a length that is announced and not sent', () => {
  it('takes nothing, not even of the same directory', async () => {
    const senders = await Promise.all(Array.from({ length: 6 }, () => beginPut({ headers: ANNOUNCED })));
    await expectSmallRequestsAnswered();
    expect((await putWhole({ of: await suite.seed() })).answer).toMatchObject(OK);
    expect((await putWhole({ members: HUGE })).answer).toMatchObject(OK);
    expect(senders.map(({ answer }) => answer)).toEqual(senders.map(() => undefined));
  });

  it('is refused at once where nobody has been authenticated, and so is one that comes in chunks', async () => {
    const url = new URL('/oauth/token', suite.ingress.baseUrl);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const framing of [{ 'content-length': '1000000' }, { 'transfer-encoding': 'chunked' }]) {
      const call = request(url, { method: 'POST', agent: false, headers: { ...headers, ...framing } });
      call.on('error', () => undefined);
      call.end('x'.repeat(133_000) + (framing['content-length'] ? 'x'.repeat(867_000) : ''));
      const [response] = await once(call, 'response');
      let text = '';
      for await (const chunk of response) text += chunk;
      expect([response.statusCode, JSON.parse(text).error]).toEqual([413, 'invalid_request']);
      expect(text).toContain('8 kB');
    }
  });
});

it('refuses a body that outgrows the limit, announced or not, with 413', async () => {
  const { id } = await suite.makeGroup();
  const { hostname, port, pathname } = new URL(`${suite.directory.scimUrl}/Groups/${id}`);
  const authorization = `Bearer ${suite.directory.token}`;
  const bytes = Buffer.alloc(16 * 1024 * 1024 + 1, ' ');
  for (const framing of [{ 'content-length': String(bytes.length) }, { 'transfer-encoding': 'chunked' }]) {
    const headers = { authorization, 'content-type': 'application/scim+json', ...framing };
    const call = request({ hostname, port, path: pathname, method: 'PUT', agent: false, headers });
    call.end(bytes);
    const [response] = await once(call, 'response');
    expect(response.statusCode).toBe(413);
    response.resume();
  }
});

it('takes a large body that is sent in chunks of unknown number', async () => {
  const large = await beginPut({ headers: { 'transfer-encoding': 'chunked' } });
  finish(large);
  await large.answered;
  expect(large.answer).toMatchObject(OK);
});

it('cuts a sender that is too slow with 408, and gives its share to the next', async () => {
  const own = await createTestDatabase({ migrate: migrateDatabase });
  const ingress = await startTestIngress(own, { largeBodyTimes: { waitMs: 600_000, paceMs: 500 } });
  const directory = await seedDirectory(own.adminUrl, ingress);
  const slow = await beginPut({ of: directory, members: HUGE, sent: 0.9 });
  const next = await beginPut({ of: directory, members: HUGE, sent: 1 });
  finish(next);
  await slow.answered;
  expect(slow.answer).toMatchObject({ status: 408 });
  await next.answered;
  expect(next.answer).toMatchObject(OK);
  await ingress.stop();
  await own.drop();
});
