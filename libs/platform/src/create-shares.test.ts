import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createShares } from './create-shares';
import type { SharesOptions } from './create-shares';

const OPTIONS: SharesOptions = {
  capacity: 4,
  perKey: 2,
  maxWaiting: { all: 6, perKey: 3 },
  maxWaitMs: 1_000,
  overShare: () => new Error('over its share'),
  overloaded: () => new Error('overloaded'),
};

/** Takes shares and tells in `order` who had one. */
function useShares(options: Partial<SharesOptions> = {}) {
  const shares = createShares({ ...OPTIONS, ...options });
  const order: string[] = [];
  const take = async (name: string, amount?: number) => {
    const share = await shares.take(name.charAt(0), amount);
    order.push(name);
    return share;
  };
  return { take, order };
}

// Those who still wait when a test ends are never refused.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('createShares', () => {
  it('lets one key wait for its own share while others are served', async () => {
    const { take, order } = useShares();
    const first = await take('a1');
    await take('a2');
    void take('a3');
    await take('b1');
    expect(order).toEqual(['a1', 'a2', 'b1']);
    first.giveBack();
    await settle();
    expect(order).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('gives what becomes free to the key that holds least', async () => {
    const { take, order } = useShares();
    const [a1] = [await take('a1'), await take('a2'), await take('b1'), await take('b2')];
    for (const name of ['b3', 'a3', 'c1']) void take(name);
    a1.giveBack();
    await settle();
    expect(order.slice(4)).toEqual(['c1']);
  });

  it('lets keys that hold as much take turns, however early one of them filled its line', async () => {
    const { take, order } = useShares({ capacity: 1, perKey: 1 });
    let share = await take('a1');
    for (const name of ['a2', 'a3', 'b1']) void take(name).then((next) => (share = next));
    for (let n = 0; n < 3; n++) {
      share.giveBack();
      await settle();
    }
    expect(order).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('keeps no key waiting behind those that come again after each turn', async () => {
    const { take, order } = useShares({ capacity: 1, perKey: 1 });
    let share = await take('b0');
    const rejoin = (name: string) => void take(name).then((next) => (share = next));
    for (const name of ['a1', 'a2', 'a3', 'b1']) rejoin(name);
    for (let n = 2; n < 8; n++) {
      share.giveBack();
      await settle();
      if (order.at(-1)?.startsWith('b')) rejoin(`b${n}`);
    }
    expect(order.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
  });

  it('does not let small amounts overtake a large one of a key that comes before them', async () => {
    const { take, order } = useShares({ perKey: 4 });
    const first = await take('a1', 3);
    void take('b1', 4);
    void take('c1', 1);
    await settle();
    expect(order).toEqual(['a1']);
    first.giveBack();
    await settle();
    expect(order).toEqual(['a1', 'b1']);
  });

  it('refuses a key whose line is full, and nobody else', async () => {
    const { take } = useShares();
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) void take(name);
    await expect(take('a6')).rejects.toThrow('over its share');
    await expect(take('b1')).resolves.toBeDefined();
  });

  it('serves a key within its share although as many wait for theirs as may', async () => {
    const { take, order } = useShares({ capacity: 6 });
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2', 'b3', 'b4', 'b5']) void take(name);
    await take('c1');
    expect(order).toEqual(['a1', 'a2', 'b1', 'b2', 'c1']);
  });

  it('says which limit one waited for too long', async () => {
    const { take } = useShares();
    await Promise.all(['a1', 'a2', 'b1', 'b2'].map((name) => take(name)));
    const refused = Promise.allSettled([take('a3'), take('c1')]);
    vi.advanceTimersByTime(1_000);
    expect(await refused).toMatchObject([
      { reason: { message: 'over its share' } },
      { reason: { message: 'overloaded' } },
    ]);
  });

  it('gives the rest of a share back that turns out to be too large, and makes others wait for one that was too small', async () => {
    const { take, order } = useShares({ perKey: 4 });
    const first = await take('a1', 4);
    void take('b1', 3);
    first.keep(1);
    await settle();
    expect(order).toEqual(['a1', 'b1']);
    first.keep(9);
    void take('c1', 1);
    await settle();
    first.keep(0);
    first.giveBack();
    await settle();
    expect(order).toEqual(['a1', 'b1', 'c1']);
  });
});
