import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { paceReader, ReaderTooSlow } from './pace-reader';
import type { Pace } from './pace-reader';

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
async function take(pieces: AsyncGenerator<string>, restMs = 0): Promise<string> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (restMs > 0) await sleep(restMs);
  }
  return text;
}

const unexpected = (error: Error) => {
  throw error;
};

it('passes everything on, a large chunk in pieces', async () => {
  const { chunks, state } = source(['a\n', 'b'.repeat(150_000), 'ü\n']);
  expect(await take(paceReader(chunks, PATIENT, unexpected))).toBe(`a\n${'b'.repeat(150_000)}ü\n`);
  expect(state.ended).toBe(true);
});

it('cuts a stream from which nothing is taken any more, and ends its source', async () => {
  const { chunks, state } = source(['a\n', 'b\n', 'c\n', 'd\n']);
  const body: Readable = Readable.from(paceReader(chunks, { ...PATIENT, stallMs: 20 }, (error) => body.destroy(error)));
  body.read();
  const [error] = (await once(body, 'error')) as [unknown];
  expect(error).toBeInstanceOf(ReaderTooSlow);
  expect(state.ended).toBe(true);
});

it('ends with a reader who takes too little, however often he comes', async () => {
  const { chunks, state } = source(Array<string>(1_000).fill('x'.repeat(100)));
  const pace = { stallMs: 50, bytesPerSecond: 1_000_000, totalMs: 600_000 };
  await expect(take(paceReader(chunks, pace, unexpected), 10)).rejects.toBeInstanceOf(ReaderTooSlow);
  expect(state.ended).toBe(true);
});

it('ends what lasts too long in all', async () => {
  const { chunks, state } = source(Array<string>(1_000).fill('x'), 5);
  await expect(take(paceReader(chunks, { ...PATIENT, totalMs: 50 }, unexpected))).rejects.toBeInstanceOf(ReaderTooSlow);
  expect(state.ended).toBe(true);
});

it('does not count against a reader what its source needs', async () => {
  const { chunks } = source(['a', 'b', 'c'], 60);
  const pace = { stallMs: 50, bytesPerSecond: 1_000_000, totalMs: 600_000 };
  expect(await take(paceReader(chunks, pace, unexpected))).toBe('abc');
});
