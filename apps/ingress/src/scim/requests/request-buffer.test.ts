import { expect, it } from 'vitest';
import { RequestBuffer } from './request-buffer';

const LIMITS = { all: { rows: 100, size: 10_000 }, perDirectory: { rows: 48, size: 5_000 } };

it('keeps a directory’s rows until they are taken', () => {
  const buffer = new RequestBuffer<number>(LIMITS);
  expect([buffer.add('a', 1, 10), buffer.add('a', 2, 10), buffer.add('b', 3, 10)]).toEqual([true, true, true]);
  expect(buffer.take()).toEqual([
    { directoryId: 'a', rows: [1, 2], missed: 0 },
    { directoryId: 'b', rows: [3], missed: 0 },
  ]);
  expect([buffer.length, buffer.take()]).toEqual([0, []]);
});

it('counts what found no room, and leaves room for others while one directory floods it', () => {
  const buffer = new RequestBuffer<number>(LIMITS);
  for (let n = 0; n < 1_000; n++) buffer.add('flood', n, 10);
  for (let n = 0; n < 1_000; n++) buffer.add('flood too', n, 10);
  expect(buffer.add('quiet', 1, 10)).toBe(true);
  const taken = new Map(buffer.take().map((own) => [own.directoryId, own]));
  expect(taken.get('flood')).toMatchObject({ missed: 952 });
  expect(taken.get('flood')?.rows).toHaveLength(48);
  expect(taken.get('quiet')).toMatchObject({ rows: [1], missed: 0 });
});

it('keeps no more than its room, by number and by size, whoever asks', () => {
  const buffer = new RequestBuffer<number>(LIMITS);
  for (let n = 0; n < 10_000; n++) buffer.add(`d${n}`, n, 10);
  expect(buffer.length).toBe(100);
  buffer.take();
  expect(buffer.add('large', 1, 6_000)).toBe(false);
  for (let n = 0; n < 10_000; n++) buffer.add(`d${n}`, n, 300);
  expect(buffer.length).toBeLessThanOrEqual(33);
});
