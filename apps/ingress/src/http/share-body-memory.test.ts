import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BodyMemory } from './share-body-memory';
import type { BodyAccount } from './share-body-memory';

const WAIT_MS = 1_000;

const memory = () =>
  new BodyMemory({
    capacity: 40,
    perOwner: 10,
    maxWaiting: { all: 8, perOwner: 3 },
    maxWaitMs: WAIT_MS,
    refusal: () => new Error('full'),
  });

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Charges, and says `there` once there is room. */
function charge(account: BodyAccount, bytes: number): { state: 'there' | 'waits' | 'refused' } {
  const room = account.charge(bytes);
  const seen: { state: 'there' | 'waits' | 'refused' } = { state: room ? 'waits' : 'there' };
  room?.then(
    () => (seen.state = 'there'),
    () => (seen.state = 'refused'),
  );
  return seen;
}

it('lets the bodies of several owners be there side by side, each within its share', () => {
  const shared = memory();
  const states = ['a', 'b', 'c', 'd'].map((owner) => charge(shared.open(owner), 10).state);
  expect(states).toEqual(['there', 'there', 'there', 'there']);
});

it('does not let an owner take the room of others, with however many bodies', async () => {
  const shared = memory();
  const many = Array.from({ length: 20 }, () => charge(shared.open('a'), 6));
  await settle();
  // One in its share, one alone, three that wait.
  expect(many.map(({ state }) => state).toSorted()).toEqual([
    ...Array.from({ length: 15 }, () => 'refused'),
    ...Array.from({ length: 2 }, () => 'there'),
    ...Array.from({ length: 3 }, () => 'waits'),
  ]);
  expect(['b', 'c', 'd'].map((owner) => charge(shared.open(owner), 10).state)).toEqual(['there', 'there', 'there']);
});

it('lets those that outgrow their share go on alone, one at a time, in turns by owner', async () => {
  const shared = memory();
  const accounts = ['a', 'a', 'a', 'b', 'c'].map((owner) => shared.open(owner));
  const bodies = accounts.map((account) => charge(account, 100));
  const order: number[] = [];
  for (let turn = 0; turn < accounts.length; turn++) {
    await settle();
    const goingOn = [...bodies.keys()].filter((n) => bodies[n]?.state === 'there' && !order.includes(n));
    expect(goingOn).toHaveLength(1);
    const [alone = -1] = goingOn;
    expect(accounts[alone]?.isHoldingUp()).toBe(turn < accounts.length - 1);
    expect(charge(accounts[alone] as BodyAccount, 1_000).state).toBe('there');
    order.push(alone);
    accounts[alone]?.release();
  }
  expect(order).toEqual([0, 3, 4, 1, 2]);
});

it('always lets one go on of those that hold something and wait for more', async () => {
  const shared = memory();
  const owners = ['a', 'b', 'c', 'd', 'e'];
  const bodies = owners.map((owner) => ({ account: shared.open(owner), bytes: 0, seen: { state: 'there' } }));
  for (let left = bodies.length, round = 0; left > 0; round++) {
    expect(round).toBeLessThan(1_000);
    for (const body of bodies) {
      if (body.seen.state !== 'there' || body.bytes > 50) continue;
      body.bytes += 4;
      body.seen = charge(body.account, body.bytes);
      if (body.bytes <= 50) continue;
      await settle();
      body.account.release();
      left -= 1;
    }
    await settle();
  }
});

it('refuses one that waits too long, and one too many', async () => {
  const shared = memory();
  charge(shared.open('a'), 100);
  const waiting = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((owner) => charge(shared.open(owner), 100));
  const tooMany = charge(shared.open('j'), 100);
  await settle();
  expect([tooMany.state, ...new Set(waiting.map(({ state }) => state))]).toEqual(['refused', 'waits']);
  vi.advanceTimersByTime(WAIT_MS);
  await settle();
  expect(new Set(waiting.map(({ state }) => state))).toEqual(new Set(['refused']));
});

it('gives back what a body held or waited for, once', async () => {
  const shared = memory();
  const [first, second, third] = [shared.open('a'), shared.open('a'), shared.open('a')];
  charge(first, 100);
  const waits = charge(second, 100);
  first.release();
  first.release();
  await settle();
  expect(waits.state).toBe('there');
  const last = charge(third, 100);
  third.release();
  second.release();
  await settle();
  expect(last.state).toBe('there');
  expect(charge(third, 1_000).state).toBe('there');
  expect(charge(shared.open('b'), 100).state).toBe('waits');
  await settle();
  expect(charge(shared.open('c'), 10).state).toBe('there');
});
