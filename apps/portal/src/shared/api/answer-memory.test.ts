import { expect, it } from 'vitest';
import { AnswerMemory } from './answer-memory';

const answer = (n: number) => ({ etag: `W/"${n}"`, body: { n } });

it('gives back the very object that it was given, and the newest of an address', () => {
  const memory = new AnswerMemory();
  memory.keep('/a', answer(1));
  const newest = answer(2);
  memory.keep('/a', newest);
  expect(memory.find('/a')?.body).toBe(newest.body);
  expect(memory.find('/b')).toBeUndefined();
});

it('keeps a bounded number of answers, those that were used last', () => {
  const memory = new AnswerMemory();
  memory.keep('/used', answer(0));
  for (let n = 1; n <= 200; n++) {
    memory.keep(`/${n}`, answer(n));
    memory.find('/used');
  }
  const known = Array.from({ length: 200 }, (_, n) => memory.find(`/${n + 1}`)).filter((found) => found !== undefined);
  expect(known).toHaveLength(49);
  expect(known.at(-1)).toEqual(answer(200));
  expect(memory.find('/used')).toEqual(answer(0));
});

it('forgets everything at once', () => {
  const memory = new AnswerMemory();
  memory.keep('/a', answer(1));
  memory.forgetAll();
  expect(memory.find('/a')).toBeUndefined();
});
