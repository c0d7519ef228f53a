import { createShares } from '@rollcall/platform';
import { expect, it } from 'vitest';
import { withAnswerMemory } from './with-answer-memory';

const refusal = () => new Error('busy');
const limits = { capacity: 24, perKey: 12, maxWaiting: { all: 100, perKey: 100 }, maxWaitMs: 60_000 };
const inMillions = (bytes: number) => bytes * 1_000_000;

function useMemory() {
  const answerBytes = createShares({
    ...limits,
    capacity: inMillions(limits.capacity),
    perKey: inMillions(limits.perKey),
    overShare: refusal,
    overloaded: refusal,
  });
  const made: string[] = [];
  const answer = (directoryId: string, size: number) =>
    withAnswerMemory({ answerBytes }, { caller: { directoryId } }, inMillions(3), async () => {
      made.push(directoryId);
      await Promise.resolve();
      return { answer: { status: 200, body: '' }, size };
    });
  return { answer, made };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

it('makes no more answers of a directory than its memory is for, however many come at once, and those of others meanwhile', async () => {
  const { answer, made } = useMemory();
  const many = Array.from({ length: 50 }, () => answer('a', inMillions(7)));
  const other = await answer('b', inMillions(1));
  await settle();
  // Four are let in together: by then nobody knows how large they are.
  expect(made.filter((id) => id === 'a')).toHaveLength(4);
  expect(other.memory).toBeDefined();
  const first = await Promise.all(many.slice(0, 4));
  for (const { memory } of first.slice(0, 3)) memory?.giveBack();
  await settle();
  expect(made.filter((id) => id === 'a')).toHaveLength(5);
});

it('keeps no memory for a small answer, nor for one that failed', async () => {
  const { answer, made } = useMemory();
  for (let n = 0; n < 20; n++) expect((await answer('a', 1_000)).memory).toBeUndefined();
  expect(made).toHaveLength(20);
});
