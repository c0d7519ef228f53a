import { once } from 'node:events';
import { request } from 'node:http';
import type { ClientRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import { useScim } from '../testing/use-scim';

const suite = useScim();
const calls: LargeCall[] = [];

afterEach(() => {
  for (const { call } of calls.splice(0)) call.destroy();
});

interface LargeCall {
  call: ClientRequest;
  body: string;
  /** Status and Retry-After, once answered. */
  answer: { status: number; retryAfter: string | undefined } | undefined;
  answered: Promise<unknown>;
}

/** A PUT of a new group, of whose body only the first half is sent. It names one member so often that it is large. */
async function beginLargePut(headers: Record<string, string> = {}): Promise<LargeCall> {
  const { id } = await suite.makeGroup();
  const member = { value: newId() };
  const members = Array.from({ length: 8_000 }, () => member);
  const body = JSON.stringify({ displayName: suite.unique('Large'), members });
  const { hostname, port, pathname } = new URL(`${suite.directory.scimUrl}/Groups/${id}`);
  const call = request({
    hostname,
    port,
    path: pathname,
    method: 'PUT',
    agent: false,
    headers: { authorization: `Bearer ${suite.directory.token}`, 'content-type': 'application/scim+json', ...headers },
  });
  const large: LargeCall = { call, body, answer: undefined, answered: Promise.resolve() };
  large.answered = once(call, 'response').then(([response]) => {
    large.answer = { status: response.statusCode, retryAfter: response.headers['retry-after'] };
    response.resume();
  });
  large.answered.catch(() => undefined);
  await new Promise<void>((resolve) => void call.write(body.slice(0, body.length / 2), () => resolve()));
  calls.push(large);
  return large;
}

function finish({ call, body }: LargeCall): void {
  call.end(body.slice(body.length / 2));
}

/** Announces a body of the largest size there is, so that no other large one is admitted beside it. */
const ALL_OF_IT = { 'content-length': String(16 * 1024 * 1024) };

/** Small requests are answered; the time they take lets the server look at all that was sent before. */
async function expectSmallRequestsAnswered(): Promise<void> {
  for (let count = 0; count < 5; count++) {
    expect(await suite.scim('GET', '/Users?count=1')).toMatchObject({ status: 200 });
    expect((await suite.makeUser()).id).toBeTypeOf('string');
    await sleep(20);
  }
}

it('answers small requests while large bodies arrive, and large ones in their turn', async () => {
  const first = await beginLargePut(ALL_OF_IT);
  await expectSmallRequestsAnswered();
  const second = await beginLargePut();
  finish(second);
  await expectSmallRequestsAnswered();
  expect([first.answer, second.answer]).toEqual([undefined, undefined]);
  // The first sender breaks off: its turn is over.
  first.call.destroy();
  await second.answered;
  expect(second.answer).toMatchObject({ status: 200 });
});

it('refuses large bodies with 503 and Retry-After when too many wait, and nothing else', async () => {
  const first = await beginLargePut(ALL_OF_IT);
  await expectSmallRequestsAnswered();
  const waiting: LargeCall[] = [];
  for (let count = 0; count < 33; count++) waiting.push(await beginLargePut());
  for (const large of waiting) finish(large);
  await Promise.race(waiting.map(({ answered }) => answered));
  await expectSmallRequestsAnswered();
  const refused = waiting.filter(({ answer }) => answer !== undefined);
  expect(refused.map(({ answer }) => answer)).toEqual([{ status: 503, retryAfter: '5' }]);
  first.call.destroy();
  await Promise.all(waiting.map(({ answered }) => answered));
  expect(waiting.filter(({ answer }) => answer?.status === 200)).toHaveLength(32);
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
  const large = await beginLargePut({ 'transfer-encoding': 'chunked' });
  finish(large);
  await large.answered;
  expect(large.answer).toMatchObject({ status: 200 });
});
