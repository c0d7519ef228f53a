import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from './app-error';
import { createBudget } from './create-budget';

const refusal = () =>
  new AppError({ kind: 'unavailable', code: 'verification_overloaded', message: 'Busy.', retryAfterSeconds: 1 });

function budget(options: Partial<Parameters<typeof createBudget>[0]> = {}) {
  return createBudget({ capacity: 10, maxWaiting: 3, maxWaitMs: 1_000, refusal, ...options });
}

/** Takes a share and tells in `order` when it was had. */
function takeInOrder(from: ReturnType<typeof budget>, order: string[], name: string, amount: number) {
  return from.take(amount).then((giveBack) => {
    order.push(name);
    return giveBack;
  });
}

// Those who still wait when a test ends are never refused.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('createBudget', () => {
  it('lets several share the budget and the next wait until enough was given back', async () => {
    const shared = budget();
    const order: string[] = [];
    const giveBackA = await takeInOrder(shared, order, 'a', 6);
    await takeInOrder(shared, order, 'b', 4);
    void takeInOrder(shared, order, 'c', 5);
    await settle();
    expect(order).toEqual(['a', 'b']);
    giveBackA();
    await settle();
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('gives a share to those who wait in their order, whatever they need', async () => {
    const shared = budget();
    const order: string[] = [];
    const giveBack = await takeInOrder(shared, order, 'first', 5);
    void takeInOrder(shared, order, 'much', 10);
    void takeInOrder(shared, order, 'little', 1);
    await settle();
    expect(order).toEqual(['first']);
    giveBack();
    await settle();
    expect(order).toEqual(['first', 'much']);
  });

  it('gives who needs more than there is the whole budget', async () => {
    const shared = budget();
    const giveBack = await shared.take(1_000);
    giveBack();
    await expect(shared.take(10)).resolves.toBeTypeOf('function');
  });

  it('takes a share back once, however often it is given', async () => {
    const shared = budget();
    const giveBack = await shared.take(10);
    giveBack();
    giveBack();
    await shared.take(10);
    const order: string[] = [];
    void takeInOrder(shared, order, 'third', 10);
    await settle();
    expect(order).toEqual([]);
  });

  it('refuses when too many wait', async () => {
    const shared = budget({ maxWaiting: 1 });
    await shared.take(10);
    void shared.take(1);
    await expect(shared.take(1)).rejects.toMatchObject({ code: 'verification_overloaded' });
  });

  it('refuses who has waited too long, and serves those behind', async () => {
    const shared = budget();
    await shared.take(5);
    const much = shared.take(10);
    const outcome = much.catch((error: AppError) => error.code);
    await vi.advanceTimersByTimeAsync(500);
    const little = shared.take(5);
    await vi.advanceTimersByTimeAsync(500);
    expect(await outcome).toBe('verification_overloaded');
    await expect(little).resolves.toBeTypeOf('function');
  });
});
