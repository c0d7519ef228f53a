import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { COALESCE_MS, coalesceHints } from './coalesce-hints';

it('lets the first through at once and sends the last of those that follow closely', async () => {
  const sent: { n: number }[] = [];
  let merged = 0;
  const coalescer = coalesceHints<{ n: number }>(
    (hint) => sent.push(hint),
    () => (merged += 1),
  );
  for (const n of [1, 2, 3]) coalescer.push('a', { n });
  coalescer.push('b', { n: 9 });
  expect(sent).toEqual([{ n: 1 }, { n: 9 }]);
  expect(merged).toBe(1);
  await sleep(COALESCE_MS * 3);
  expect(sent).toEqual([{ n: 1 }, { n: 9 }, { n: 3 }]);
});

it('sends what it holds back when flushed, and nothing later', async () => {
  const sent: { n: number }[] = [];
  const coalescer = coalesceHints<{ n: number }>((hint) => sent.push(hint));
  for (const n of [1, 2]) coalescer.push('a', { n });
  coalescer.flush();
  expect(sent).toEqual([{ n: 1 }, { n: 2 }]);
  await sleep(COALESCE_MS * 3);
  expect(sent).toHaveLength(2);
});
