import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { array, assert, asyncProperty, constantFrom, property, string, uint8Array } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCoding } from './decode-body';
import type { Coding } from './decode-body';
import { readBody } from './read-body';
import type { BodyReading } from './read-body';

let server: Server;
let read: (message: IncomingMessage) => Promise<Buffer>;

beforeAll(async () => {
  server = createServer((message, response) => {
    read(message)
      .then((body) => response.end(body))
      .catch((error: { code: string }) => response.writeHead(400).end(error.code));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => server.close());

const RULES: BodyReading = {
  limit: 1_000_000,
  largeFrom: 100_000,
  charge: () => undefined,
  isHoldingUp: () => false,
  paceMs: 600_000,
  coding: null,
};

/** Sends parts of a body; resolves with what was read of them, or the code of the error. */
async function send(parts: readonly Uint8Array[], reading: Partial<BodyReading>): Promise<Buffer | string> {
  read = (message) => readBody(message, { ...RULES, ...reading });
  const call = request({ port: (server.address() as AddressInfo).port, method: 'POST', agent: false });
  call.on('error', () => undefined);
  for (const part of parts) {
    if (part.length > 0) await new Promise((resolve) => call.write(part, resolve));
  }
  call.end();
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return response.statusCode === 200 ? body : body.toString();
}

const ENCODERS: [string, Coding, (bytes: Uint8Array) => Buffer][] = [
  ['gzip', 'gzip', (bytes) => gzipSync(bytes)],
  [
    'gzip in two members',
    'gzip',
    (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, 5)), gzipSync(bytes.subarray(5))]),
  ],
  ['deflate', 'deflate', (bytes) => deflateSync(bytes)],
  ['deflate without its header', 'deflate', (bytes) => deflateRawSync(bytes)],
  ['br', 'br', (bytes) => brotliCompressSync(bytes)],
];

/** Far more than the limit, from few bytes. */
const BOMB = Buffer.alloc(16 * 1024 * 1024, 'x');

describe.each(ENCODERS)('a body in %s', (_name, coding, encode) => {
  it('is what was encoded, however it is cut', async () => {
    await assert(
      asyncProperty(uint8Array({ maxLength: 300 }), array(constantFrom(1, 2, 3, 50)), async (bytes, cuts) => {
        const encoded = encode(bytes);
        let at = 0;
        const parts = cuts.map((length) => encoded.subarray(at, (at += length)));
        expect(await send([...parts, encoded.subarray(at)], { coding })).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 25 },
    );
  });

  it('is decoded up to the limit and no further', async () => {
    let seen = 0;
    const look = (chunk: Buffer): void => void (seen += chunk.length);
    expect(await send([encode(BOMB)], { coding, look })).toBe('too_large');
    expect(seen).toBeLessThanOrEqual(RULES.limit);
  });

  it('is charged by what it becomes, and not decoded on while there is no room', async () => {
    const charged: number[] = [];
    let seen = 0;
    const answer = send([encode(BOMB.subarray(0, 900_000))], {
      coding,
      look: (chunk) => (seen += chunk.length),
      charge: (bytes) => {
        charged.push(bytes);
        const before = seen;
        return new Promise<void>((resolve) => setImmediate(resolve)).then(() => expect(seen).toBe(before));
      },
    });
    expect(await answer).toHaveLength(900_000);
    // Brotli may hold its window of 4 MB, and its codes, before it gives out a byte.
    expect(charged.at(-1)).toBe(coding === 'br' ? 7 * 2 ** 20 : 900_000);
    expect(charged.length).toBeGreaterThan(10);
  });

  it('is refused when it ends too early or goes on', async () => {
    const encoded = encode(Buffer.from('{"userName":"somebody"}'));
    expect(await send([encoded.subarray(0, -1)], { coding })).toBe('invalid_encoding');
    expect(await send([encoded, Buffer.from('more')], { coding })).toBe('invalid_encoding');
    expect(await send([Buffer.from('{"userName":"somebody"}')], { coding })).toBe('invalid_encoding');
  });
});

it('decodes no byte of brotli before there is room for all that its decoder may hold', async () => {
  const params = (bits: number) => ({ params: { [constants.BROTLI_PARAM_LGWIN]: bits } });
  for (const bits of [10, 16, 17, 18, 22, 24]) {
    const charged: number[] = [];
    let isRoom = false;
    const answer = await send([brotliCompressSync('{"userName":"somebody"}', params(bits))], {
      coding: 'br',
      look: () => expect(isRoom).toBe(true),
      charge: async (bytes) => {
        charged.push(bytes);
        await new Promise((resolve) => setTimeout(resolve, 20));
        isRoom = true;
      },
    });
    expect(String(answer)).toBe('{"userName":"somebody"}');
    expect(charged).toEqual([3 * 2 ** 20 + 2 ** bits]);
  }
});

it('expects nothing of a sender while it waits for room itself', async () => {
  const body = randomBytes(400_000);
  const answer = await send([gzipSync(body).subarray(0, 150_000), gzipSync(body).subarray(150_000)], {
    coding: 'gzip',
    paceMs: 30,
    isHoldingUp: () => false,
    charge: () => new Promise((resolve) => setTimeout(resolve, 150)),
  });
  expect(answer).toHaveLength(400_000);
});

it('refuses more bytes than the limit that become nothing', async () => {
  const [header, emptyBlock] = [deflateSync('').subarray(0, 2), Buffer.from([0, 0, 0, 0xff, 0xff])];
  const parts = Array.from({ length: 300 }, () => emptyBlock);
  expect(await send([header, ...parts], { coding: 'deflate', limit: 1_000 })).toBe('too_large');
});

it('reads nothing in any coding as nothing', async () => {
  for (const coding of ['gzip', 'deflate', 'br', null] as const) expect(await send([], { coding })).toHaveLength(0);
});

describe('a Content-Encoding', () => {
  it.each([
    [undefined, null],
    ['', null],
    ['identity', null],
    ['Identity, ', null],
    ['gzip', 'gzip'],
    [' GZIP ', 'gzip'],
    ['x-gzip', 'gzip'],
    ['identity, br', 'br'],
    ['deflate', 'deflate'],
    ['zstd', undefined],
    ['compress', undefined],
    ['gzip, gzip', undefined],
    ['br,gzip', undefined],
  ])('%j names %j', (header, coding) => expect(readCoding(header)).toBe(coding));

  it('names a known coding, none or an unknown one, whatever it is', () => {
    assert(
      property(string(), (header) => {
        expect([null, undefined, 'gzip', 'deflate', 'br']).toContain(readCoding(header));
      }),
    );
  });
});
