import { expect, it } from 'vitest';
import { createTurns } from './create-turns';

/** Work that is under way until it is ended. */
function openWork() {
  const ends = new Map<string, () => void>();
  const begun: string[] = [];
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const end = async (name: string) => {
    await settle();
    ends.get(name)?.();
    await settle();
  };
  return { begun, work, end };
}

it('begins the work of an owner who asks once before the second turn of one who asks a thousand times', async () => {
  const turns = createTurns({ atOnce: 1, perOwner: 1 });
  const { begun, work, end } = openWork();
  for (let n = 0; n < 1_000; n++) void turns.run('busy', work(`busy ${n}`));
  const calm = turns.run('calm', work('calm'));
  await end('busy 0');
  expect(turns.waiting('busy')).toBe(998);
  await end('busy 1');
  expect(begun).toEqual(['busy 0', 'busy 1', 'calm']);
  await end('calm');
  expect(await calm).toBe('calm');
});

it('keeps a place for others that one owner cannot take', async () => {
  const turns = createTurns({ atOnce: 3, perOwner: 2 });
  const { begun, work } = openWork();
  for (let n = 0; n < 5; n++) void turns.run('busy', work(`busy ${n}`));
  void turns.run('calm', work('calm'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(['busy 0', 'busy 1', 'calm']);
});

it('gives the turn on when the work fails', async () => {
  const turns = createTurns({ atOnce: 1, perOwner: 1 });
  const failing = turns.run('a', () => Promise.reject(new Error('no')));
  const next = turns.run('b', () => Promise.resolve('done'));
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
});
