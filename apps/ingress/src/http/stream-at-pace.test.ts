import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ReaderTooSlow, streamAtPace } from './stream-at-pace';
import type { Pace } from './stream-at-pace';

const PATIENT: Pace = { stallMs: 60_000, bytesPerSecond: 0, totalMs: 600_000 };

/** A source that says whether it was ended. */
function source(chunks: readonly string[], waitMs = 0) {
  const state = { ended: false };
  async function* read() {
    try {
      for (const chunk of chunks) {
        if (waitMs > 0) await sleep(waitMs);
        yield chunk;
      }
    } finally {
      state.ended = true;
    }
  }
  return { state, chunks: read() };
}

/** Takes the pieces one after the other with a rest between them, as a stream does. */
async function take(body: Readable, restMs = 0): Promise<string> {
  let text = '';
  for await (const piece of body) {
    text += piece as string;
    if (restMs > 0) await sleep(restMs);
  }
  return text;
}

const ignore = () => undefined;

it('passes everything on, a large chunk in pieces, and says once that it is over', async () => {
  const { chunks, state } = source(['a\n', 'b'.repeat(150_000), 'ü\n']);
  let ends = 0;
  expect(await take(streamAtPace(chunks, PATIENT, () => (ends += 1)))).toBe(`a\n${'b'.repeat(150_000)}ü\n`);
  await new Promise(setImmediate);
  expect([state.ended, ends]).toEqual([true, 1]);
});

it('is made two pieces ahead at most', async () => {
  let made = 0;
  async function* read() {
    for (; made < 50; made += 1) yield await Promise.resolve('a');
  }
  const body = streamAtPace(read(), PATIENT, ignore);
  body.read();
  await sleep(20);
  expect(made).toBeLessThanOrEqual(3);
  body.destroy();
});

it('ends its source, and then says so, when the reader goes before the first piece', async () => {
  const { chunks, state } = source(['a\n', 'b\n']);
  const body = streamAtPace(chunks, PATIENT, () => ends.push(state.ended));
  const ends: boolean[] = [];
  body.destroy();
  await expect.poll(() => ends).toEqual([true]);
});

it('cuts a stream from which nothing is taken any more, and ends its source', async () => {
  const { chunks, state } = source(['a\n', 'b\n', 'c\n', 'd\n']);
  let ends = 0;
  const body = streamAtPace(chunks, { ...PATIENT, stallMs: 20 }, () => (ends += 1));
  body.read();
  const [error] = (await once(body, 'error')) as [unknown];
  await new Promise(setImmediate);
  expect(error).toBeInstanceOf(ReaderTooSlow);
  expect([state.ended, ends]).toEqual([true, 1]);
});

it('ends with a reader who takes too little, however often he comes', async () => {
  const { chunks, state } = source(Array<string>(1_000).fill('x'.repeat(100)));
  const pace = { stallMs: 50, bytesPerSecond: 1_000_000, totalMs: 600_000 };
  await expect(take(streamAtPace(chunks, pace, ignore), 10)).rejects.toBeInstanceOf(ReaderTooSlow);
  expect(state.ended).toBe(true);
});

it('ends what lasts too long in all', async () => {
  const { chunks, state } = source(Array<string>(1_000).fill('x'), 5);
  await expect(take(streamAtPace(chunks, { ...PATIENT, totalMs: 50 }, ignore))).rejects.toBeInstanceOf(ReaderTooSlow);
  expect(state.ended).toBe(true);
});

it('does not count against a reader what its source needs', async () => {
  const { chunks } = source(['a', 'b', 'c'], 60);
  const pace = { stallMs: 50, bytesPerSecond: 1_000_000, totalMs: 600_000 };
  expect(await take(streamAtPace(chunks, pace, ignore))).toBe('abc');
});
