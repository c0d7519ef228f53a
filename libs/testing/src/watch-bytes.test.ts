import { expect, it } from 'vitest';
import { watchBytes } from './watch-bytes';

it('finds the texts in their order, wherever the stream is cut', () => {
  const stream = 'COMMIT; START; INSERT INTO deliveries; COMMIT';
  for (let cut = 1; cut < stream.length; cut += 1) {
    const isThere = watchBytes(['INSERT INTO deliveries', 'COMMIT']);
    expect([isThere(Buffer.from(stream.slice(0, cut))), isThere(Buffer.from(stream.slice(cut)))]).toEqual([
      false,
      true,
    ]);
  }
});

it('goes on only after the text before has passed', () => {
  const isThere = watchBytes(['INSERT', 'COMMIT']);
  expect(['COMMIT', 'INS', 'ERT', 'COM', 'MIT', ''].map((text) => isThere(Buffer.from(text)))).toEqual([
    false,
    false,
    false,
    false,
    true,
    true,
  ]);
});
