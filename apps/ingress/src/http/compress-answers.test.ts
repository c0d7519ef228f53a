import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { fastify } from 'fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { waitUntil } from '@rollcall/testing';
import { decodeAnswer, fetchRaw } from '../testing/raw-answer';
import type { RawAnswer } from '../testing/raw-answer';
import { answerProblem } from './answer-problem';
import { compressAnswers } from './compress-answers';
import { sendJsonText } from './send-json-text';
import { streamAtPace } from './stream-at-pace';
import type { Pace } from './stream-at-pace';
import { toProblem } from './to-problem';

const SCIM = 'application/scim+json';
const GZIP = { 'accept-encoding': 'gzip, deflate' };
const PATIENT: Pace = { stallMs: 60_000, bytesPerSecond: 0, totalMs: 600_000 };

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

interface Route {
  url?: string;
  method?: 'GET' | 'POST';
  handler: Handler;
  tailMs?: number;
}

/** A server that compresses, with one route; answers its address. */
async function serve({ url = '/', method = 'GET', handler, tailMs }: Route): Promise<string> {
  const server = fastify({ forceCloseConnections: true });
  server.decorateRequest('tenant', null);
  compressAnswers(server, tailMs);
  server.setErrorHandler((error, asked, reply) => answerProblem(asked, reply, toProblem(error)));
  server.route({ url, method, handler });
  closing.push(() => server.close());
  return (await server.listen({ port: 0, host: '127.0.0.1' })) + url;
}

const respond =
  (body: unknown, type = 'application/json; charset=utf-8', status = 200): Handler =>
  (_request, reply) =>
    reply.code(status).header('content-type', type).send(body);

/** JSON of some length that no coding makes much shorter than a half. */
function longText(characters: number): string {
  const text = Array.from({ length: characters / 8 }, (_, n) =>
    ((n * 2_654_435_761) % 2 ** 32).toString(36).padStart(8, 'ü'),
  );
  return JSON.stringify(text.join('')).slice(0, characters - 1) + '"';
}

/** Pieces of 8 kB that are hardly compressed; one can ask how many were made and whether the making was ended. */
function source(pieces: number) {
  const state = { made: 0, isEnded: false };
  async function* make() {
    try {
      for (; state.made < pieces; state.made += 1) {
        yield await Promise.resolve(`${randomBytes(6_000).toString('base64')}\n`);
      }
    } finally {
      state.isEnded = true;
    }
  }
  return { state, pieces: make() };
}

/** An answer that is read only as far as it is asked for. */
async function open(url: string, headers: Record<string, string> = GZIP): Promise<IncomingMessage> {
  const call = request(url, { headers, agent: false }).on('error', () => undefined);
  call.end();
  closing.push(() => call.destroy());
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  return response.pause();
}

describe('an answer that is read', () => {
  it.each([
    ['a small body in characters of several bytes', longText(1_600), 'application/json; charset=utf-8'],
    ['a long one', longText(300_000), 'application/json; charset=utf-8'],
    ['bytes', Buffer.from(longText(20_000)), SCIM],
    ['a page', longText(2_000), 'text/html; charset=utf-8'],
  ])('is compressed for a client that takes gzip: %s', async (_what, body, type) => {
    const url = await serve({ handler: respond(body, type) });
    const answer = await fetchRaw(url, { headers: GZIP });
    expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding', 'content-type': type });
    expect(answer.headers['content-length']).toBe(String(answer.bytes.length));
    expect(answer.bytes.length).toBeLessThan(Buffer.byteLength(body));
    expect(decodeAnswer(answer).equals(Buffer.from(body))).toBe(true);
  });

  it.each([undefined, '', 'br', 'identity', 'gzip;q=0', 'gzip;q=0, *', '*;q=0', 'identity, gzip;q=0.9'])(
    'is sent as it is to one that says %j, and tells caches that others get it otherwise',
    async (accept) => {
      const body = longText(20_000);
      const url = await serve({ handler: respond(body) });
      const headers: Record<string, string> = accept === undefined ? {} : { 'accept-encoding': accept };
      const answer = await fetchRaw(url, { headers });
      expect(answer.headers['content-encoding']).toBeUndefined();
      expect(answer.headers.vary).toBe('accept-encoding');
      expect(answer.bytes.toString()).toBe(body);
    },
  );

  it('keeps its type as it is, without a parameter', async () => {
    const text = longText(20_000);
    const url = await serve({ handler: (_request, reply) => sendJsonText(reply, SCIM, text) });
    const answer = await fetchRaw(url, { headers: GZIP });
    expect(answer.headers).toMatchObject({ 'content-type': SCIM, 'content-encoding': 'gzip' });
    expect(decodeAnswer(answer).toString()).toBe(text);
  });

  it('is left alone when it fits in one packet', async () => {
    const body = longText(1_300);
    const { headers, bytes } = await fetchRaw(await serve({ handler: respond(body) }), { headers: GZIP });
    expect([headers['content-encoding'], headers.vary, bytes.toString()]).toEqual([undefined, undefined, body]);
  });

  it('has the same headers for HEAD, and no body', async () => {
    const url = await serve({ handler: respond(longText(20_000)) });
    const [got, head] = [
      await fetchRaw(url, { headers: GZIP }),
      await fetchRaw(url, { method: 'HEAD', headers: GZIP }),
    ];
    expect(head.bytes).toHaveLength(0);
    expect({ ...head.headers, date: '' }).toEqual({ ...got.headers, date: '' });
  });

  it('keeps what it says already of headers that it depends on', async () => {
    const handler: Handler = (_request, reply) => reply.header('vary', 'Accept').send({ text: longText(5_000) });
    const { headers } = await fetchRaw(await serve({ handler }), { headers: GZIP });
    expect(headers).toMatchObject({ vary: 'accept, accept-encoding', 'content-encoding': 'gzip' });
  });
});

describe('what is not compressed', () => {
  it.each(['/directories/x/secrets', '/oauth/token', '/scim/x/v2/Users', '/scim/x/v2/Bulk', '/x/.search/y'])(
    'is the answer to a write: POST %s',
    async (url) => {
      const body = longText(20_000);
      const answer = await fetchRaw(await serve({ url, method: 'POST', handler: respond(body) }), {
        method: 'POST',
        headers: GZIP,
      });
      expect([answer.headers['content-encoding'], answer.bytes.toString()]).toEqual([undefined, body]);
    },
  );

  it.each([
    ['an error', respond(longText(20_000), SCIM, 404)],
    ['a part', respond(longText(20_000), SCIM, 206)],
    ['a picture', respond(Buffer.alloc(20_000), 'image/png')],
    ['what has no type', ((_request, reply) => reply.send(Buffer.alloc(20_000))) satisfies Handler],
    [
      'a file that can be read in parts',
      ((_request, reply) =>
        respond(longText(9_000))(_request, reply.header('accept-ranges', 'bytes'))) satisfies Handler,
    ],
  ])('is %s', async (_what, handler) => {
    const { headers } = await fetchRaw(await serve({ handler }), { headers: GZIP });
    expect(headers['content-encoding']).toBeUndefined();
  });

  it('is what has a coding already', async () => {
    const body = longText(20_000);
    const handler: Handler = (_request, reply) =>
      respond(gzipSync(body))(_request, reply.header('content-encoding', 'gzip'));
    expect(decodeAnswer(await fetchRaw(await serve({ handler }), { headers: GZIP })).toString()).toBe(body);
  });

  it.each([204, 304])('is an answer without a body: %d', async (status) => {
    const { headers, status: answered } = await fetchRaw(
      await serve({ handler: (_request, reply) => reply.code(status).send() }),
      { headers: GZIP },
    );
    expect([answered, headers['content-encoding'], headers.vary]).toEqual([status, undefined, undefined]);
  });
});

it.each(['/scim/x/v2/.search', '/scim/x/v2/Users/.search'])('compresses a search by POST: %s', async (url) => {
  const body = longText(20_000);
  const answer = await fetchRaw(await serve({ url, method: 'POST', handler: respond(body, SCIM) }), {
    method: 'POST',
    headers: GZIP,
  });
  expect(answer.headers['content-encoding']).toBe('gzip');
  expect(decodeAnswer(answer).toString()).toBe(body);
});

it('answers every one of many that come at once, and leaves each tenant the room that it has', async () => {
  const body = longText(400_000);
  const url = await serve({
    handler: (asked, reply) => {
      asked.tenant = { directoryId: String(asked.headers['x-tenant']) };
      return respond(body)(asked, reply);
    },
  });
  const ask = (tenant: string) => fetchRaw(url, { headers: { ...GZIP, 'x-tenant': tenant } });
  const answers = await Promise.all([...Array<string>(20).fill('a'), 'b'].map(ask));
  expect(answers.every((answer) => decodeAnswer(answer).toString() === body)).toBe(true);
  const codings = answers.map(({ headers }) => headers['content-encoding'] ?? 'as it is');
  expect(new Set(codings.slice(0, -1))).toContain('gzip');
  expect(codings.at(-1)).toBe('gzip');
});

it('leaves a tenant room beside another that asks for much at once', async () => {
  const body = longText(400_000);
  const arrived: (() => void)[] = [];
  const handler: Handler = async (asked, reply) => {
    asked.tenant = { environmentId: String(asked.headers['x-tenant']) };
    // All are sent in one turn, in which no compression can end.
    await new Promise<void>((resolve) => void arrived.push(resolve));
    return respond(body)(asked, reply);
  };
  const url = await serve({ handler });
  const asked: Promise<RawAnswer>[] = [];
  for (const tenant of ['a', 'a', 'a', 'b', 'b', 'c']) {
    const before = arrived.length;
    asked.push(fetchRaw(url, { headers: { ...GZIP, 'x-tenant': tenant } }));
    await expect.poll(() => arrived.length).toBe(before + 1);
  }
  for (const goOn of arrived) goOn();
  const codings = (await Promise.all(asked)).map(({ headers }) => headers['content-encoding'] ?? 'as it is');
  expect(codings).toEqual(['gzip', 'gzip', 'as it is', 'gzip', 'gzip', 'as it is']);
});

describe('a stream', () => {
  const NDJSON = 'application/x-ndjson; charset=utf-8';

  it('is compressed while it is made', async () => {
    const pieces = Array.from({ length: 40 }, (_, n) => `${longText(8_000)}${n}\n`);
    const url = await serve({
      handler: (_request, reply) => respond(Readable.from(pieces), NDJSON)(_request, reply.header('content-length', 7)),
    });
    const answer = await fetchRaw(url, { headers: GZIP });
    expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', 'transfer-encoding': 'chunked' });
    expect(answer.headers['content-length']).toBeUndefined();
    expect(decodeAnswer(answer).toString()).toBe(pieces.join(''));
  });

  it('is made no further than its reader takes it', async () => {
    const { state, pieces } = source(100_000);
    await open(
      await serve({
        handler: respond(
          streamAtPace(pieces, PATIENT, () => undefined),
          NDJSON,
        ),
      }),
    );
    let before = -1;
    await waitUntil(async () => {
      const stood = state.made === before;
      before = state.made;
      await sleep(300);
      return stood;
    });
    // 800 MB would be on their way if nothing held them back.
    expect(state.made).toBeLessThan(10_000);
    expect(state.isEnded).toBe(false);
  });

  it('ends its source when its reader goes', async () => {
    const { state, pieces } = source(100_000);
    let ends = 0;
    const response = await open(
      await serve({
        handler: respond(
          streamAtPace(pieces, PATIENT, () => (ends += 1)),
          NDJSON,
        ),
      }),
    );
    await once(response, 'readable');
    response.destroy();
    await expect.poll(() => [state.isEnded, ends]).toEqual([true, 1]);
  });

  it('is cut off when its reader takes nothing any more', async () => {
    const { state, pieces } = source(100_000);
    const pace = { ...PATIENT, stallMs: 200 };
    const response = await open(
      await serve({
        handler: respond(
          streamAtPace(pieces, pace, () => undefined),
          NDJSON,
        ),
      }),
    );
    await expect.poll(() => state.isEnded).toBe(true);
    const closed = new Promise((resolve) => response.once('close', resolve));
    response.resume();
    await closed;
    expect(response.complete).toBe(false);
  });

  it('is cut off when its reader does not take what is left of it once its source has ended', async () => {
    const closed: string[] = [];
    // More than the connection takes of one that is not read.
    const piece = randomBytes(24_000_000).toString('base64');
    const handler: Handler = (asked, reply) => {
      asked.tenant = { environmentId: 'a' };
      const number = String(asked.headers['x-number']);
      reply.raw.once('close', () => closed.push(number));
      return respond(Readable.from(number === 'last' ? ['short\n'] : [piece]), NDJSON)(asked, reply);
    };
    const url = await serve({ handler, tailMs: 1_000 });
    const readers: IncomingMessage[] = [];
    for (const number of ['1', '2', '3', '4']) readers.push(await open(url, { ...GZIP, 'x-number': number }));
    await expect.poll(() => closed.toSorted()).toEqual(['1', '2', '3', '4']);
    expect((await open(url, { ...GZIP, 'x-number': 'last' })).headers['content-encoding']).toBe('gzip');
    const over = readers.map((reader) => new Promise((resolve) => reader.once('close', resolve)));
    for (const reader of readers) reader.resume();
    await Promise.all(over);
    expect(readers.some(({ complete }) => complete)).toBe(false);
  });

  it('that fails before its first byte is answered by an error that can be read', async () => {
    const failing = () =>
      new Readable({
        read() {
          this.destroy(new Error('no rows'));
        },
      });
    const url = await serve({ handler: respond(failing(), NDJSON) });
    const answer = await fetchRaw(url, { headers: GZIP });
    expect(answer.status).toBe(500);
    expect(JSON.parse(decodeAnswer(answer).toString())).toMatchObject({ error: { code: 'internal' } });
  });

  it('has no body for HEAD', async () => {
    const url = await serve({ handler: respond(Readable.from(['a\n', 'b\n']), NDJSON) });
    const { status, headers, bytes } = await fetchRaw(url, { method: 'HEAD', headers: GZIP });
    expect([status, headers['content-encoding'], headers['content-length'], bytes.length]).toEqual([
      200,
      'gzip',
      undefined,
      0,
    ]);
  });

  it('is sent as it is where its tenant has as many under way as it may, and compressed again when one has ended', async () => {
    const url = await serve({
      handler: (asked, reply) => {
        asked.tenant = { environmentId: String(asked.headers['x-tenant']) };
        return respond(
          streamAtPace(source(100_000).pieces, PATIENT, () => undefined),
          NDJSON,
        )(asked, reply);
      },
    });
    const codings = async (tenant: string, count: number) => {
      const answers: IncomingMessage[] = [];
      while (answers.length < count) answers.push(await open(url, { ...GZIP, 'x-tenant': tenant }));
      return answers;
    };
    const namesOf = (answers: IncomingMessage[]) =>
      answers.map(({ headers }) => headers['content-encoding'] ?? 'as it is');
    const first = await codings('a', 6);
    expect(namesOf(first)).toEqual(['gzip', 'gzip', 'gzip', 'gzip', 'as it is', 'as it is']);
    expect(namesOf(await codings('b', 1))).toEqual(['gzip']);
    first[0]?.destroy();
    await expect.poll(async () => namesOf(await codings('a', 1))).toEqual(['gzip']);
  });
});
