import { once } from 'node:events';
import { expect, it } from 'vitest';
import { streamChunks } from './stream-chunks';

/** Counts what was taken from it. */
function countingSource(chunks: number) {
  const source: { taken: number; isReturned: boolean; read: AsyncGenerator<string> } = {
    taken: 0,
    isReturned: false,
    read: generate(),
  };
  return source;

  async function* generate(): AsyncGenerator<string> {
    try {
      for (; source.taken < chunks; source.taken += 1) yield await Promise.resolve(`${source.taken}\n`);
    } finally {
      source.isReturned = true;
    }
  }
}

it('gives every chunk to whoever reads, and says once that it is over', async () => {
  const source = countingSource(50);
  let ends = 0;
  const body = streamChunks(source.read, () => (ends += 1));
  const chunks: string[] = [];
  for await (const chunk of body) chunks.push(chunk as string);
  await new Promise(setImmediate);
  expect(chunks).toHaveLength(50);
  expect(ends).toBe(1);
});

it('reads at most two chunks ahead, is cut when nobody takes them, and ends the source', async () => {
  const source = countingSource(50);
  let ends = 0;
  const body = streamChunks(source.read, () => (ends += 1), 20);
  body.once('readable', () => undefined);
  const [error] = (await once(body, 'error')) as [Error];
  expect(error.message).toBe('The reader has stalled.');
  await new Promise(setImmediate);
  expect(source.taken).toBeLessThanOrEqual(3);
  expect(source.isReturned).toBe(true);
  expect(ends).toBe(1);
});
