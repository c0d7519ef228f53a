import { constants, PerformanceObserver } from 'node:perf_hooks';
import type { NodeGCPerformanceDetail, PerformanceEntry } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { fastify } from 'fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchRaw } from '../testing/raw-answer';
import { admitLargeBodies } from './admit-large-bodies';
import { compressAnswers } from './compress-answers';
import { sendJsonText } from './send-json-text';

const MEGABYTE = 1024 * 1024;

let observer: PerformanceObserver;
let forced = 0;

beforeEach(() => {
  forced = 0;
  observer = new PerformanceObserver((list) => count(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
});

const closing: (() => unknown)[] = [];

afterEach(async () => {
  observer.disconnect();
  for (const close of closing.splice(0)) await close();
});

function count(entries: readonly PerformanceEntry[]): void {
  const details = entries.map((entry) => (entry as PerformanceEntry & { detail: NodeGCPerformanceDetail }).detail);
  forced += details.filter(({ flags }) => flags === constants.NODE_PERFORMANCE_GC_FLAGS_FORCED).length;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** How often garbage was collected by order after three of the answers, each read to its end, on a heap that counts as crowded or not. */
async function collectionsAfter(
  handler: Handler,
  headers: Record<string, string>,
  { isCrowded }: { isCrowded: boolean },
): Promise<number> {
  const server = fastify({ forceCloseConnections: true });
  server.decorateRequest('tenant', null);
  compressAnswers(server);
  admitLargeBodies(server, { waitMs: 1_000, paceMs: 1_000 }, isCrowded ? 0 : Infinity);
  server.get('/', handler);
  closing.push(() => server.close());
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  for (let answer = 0; answer < 3; answer++) {
    await fetchRaw(url, { headers });
    // The collection has a turn of its own after the answer.
    for (let turns = 0; turns < 10; turns++) await turn();
  }
  count(observer.takeRecords());
  return forced;
}

const text = (bytes: number): string => JSON.stringify('x'.repeat(bytes - 2));
const inPieces = (bytes: number): Readable =>
  Readable.from(
    Array.from({ length: 16 }, () => 'x'.repeat(bytes / 16)),
    { objectMode: false },
  );

const FORMS: [string, (bytes: number) => Handler][] = [
  ['whole', (bytes) => (_request, reply) => sendJsonText(reply, 'application/json', text(bytes))],
  ['bytes', (bytes) => (_request, reply) => reply.type('application/json').send(Buffer.from(text(bytes)))],
  [
    'sent in pieces with its length',
    (bytes) => (_request, reply) =>
      reply.type('application/json').header('content-length', bytes).send(inPieces(bytes)),
  ],
  [
    'sent in pieces while it is made',
    (bytes) => (_request, reply) => reply.type('application/json').send(inPieces(bytes)),
  ],
];

describe.each(FORMS)('an answer that is %s', (_form, answer) => {
  it.each([
    ['as it is', {}],
    ['in gzip', { 'accept-encoding': 'gzip' }],
  ])('has garbage collected when it was made of much, and not when of little, sent %s', async (_coding, headers) => {
    expect(await collectionsAfter(answer(MEGABYTE), headers, { isCrowded: true })).toBe(0);
    expect(await collectionsAfter(answer(5 * MEGABYTE), headers, { isCrowded: true })).toBe(3);
  });

  it('is left to V8, which holds the event loop for less, while the heap is not crowded', async () => {
    expect(await collectionsAfter(answer(5 * MEGABYTE), {}, { isCrowded: false })).toBe(0);
  });
});
