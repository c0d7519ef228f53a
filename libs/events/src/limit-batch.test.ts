import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MembersChanged } from './change';
import { batchMilliseconds, cutSlice, divideMembers, limitBatch } from './limit-batch';

describe('limitBatch', () => {
  it('lets a batch hold 500 changes, or a change of 500 members, for an endpoint or two, and less the more there are', () => {
    for (const endpoints of [0, 1, 2]) {
      expect(limitBatch(endpoints).changes).toBe(500);
      expect(limitBatch(endpoints).events).toBeGreaterThan(500);
    }
    expect(limitBatch(60).events).toBe(40);
    expect(limitBatch(100).events).toBe(24);
  });

  it('bounds the deliveries of a batch, and leaves half of one to what follows a slice', () => {
    fc.assert(
      fc.property(fc.nat(2_000), (endpoints) => {
        const { events, slice, bytes, sliceBytes } = limitBatch(endpoints);
        expect(events * endpoints).toBeLessThanOrEqual(Math.max(2_500, 2 * endpoints));
        expect(slice).toBeGreaterThan(0);
        expect(slice * 2).toBeLessThanOrEqual(events);
        expect(sliceBytes * 2).toBeLessThanOrEqual(bytes);
      }),
    );
  });
});

describe('batchMilliseconds', () => {
  it('is much the same for every full batch, whatever the number of endpoints', () => {
    for (const endpoints of [1, 10, 60]) {
      const { events } = limitBatch(endpoints);
      const milliseconds = batchMilliseconds({ events, deliveries: events * endpoints });
      expect(milliseconds).toBeGreaterThan(140);
      expect(milliseconds).toBeLessThanOrEqual(152);
    }
  });
});

describe('cutSlice', () => {
  const users = (...bytes: number[]) => bytes.map((size, index) => ({ id: `u${index}`, bytes: size }));

  it('takes as many users as a slice has, and says whether there are more', () => {
    expect(cutSlice(users(1, 1), { slice: 2, sliceBytes: 100 })).toEqual({ userIds: ['u0', 'u1'], more: false });
    expect(cutSlice(users(1, 1, 1), { slice: 2, sliceBytes: 100 })).toEqual({ userIds: ['u0', 'u1'], more: true });
  });

  it('ends before the bytes are too many, and takes one user however large', () => {
    expect(cutSlice(users(60, 40, 1), { slice: 9, sliceBytes: 100 })).toEqual({ userIds: ['u0', 'u1'], more: true });
    expect(cutSlice(users(500, 1), { slice: 9, sliceBytes: 100 })).toEqual({ userIds: ['u0'], more: true });
  });
});

describe('divideMembers', () => {
  const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'));

  function apply(members: readonly string[], { added, removed }: Pick<MembersChanged, 'added' | 'removed'>): string[] {
    const leaving = removed.filter((id) => !added.includes(id));
    return [...new Set([...members, ...added])].filter((id) => !leaving.includes(id)).toSorted();
  }

  it('leaves the same members as the whole change, and names nobody twice', () => {
    fc.assert(
      fc.property(ids, ids, ids, fc.integer({ min: 1, max: 7 }), (members, added, removed, count) => {
        const base = { id: '1', kind: 'members_changed', resourceId: 'g', occurredAt: new Date(0) } as const;
        const { now, rest } = divideMembers({ ...base, added, removed }, count);
        const named = [now, rest ?? { added: [], removed: [] }].flatMap((part) => [...part.added, ...part.removed]);
        expect(now.added.length + now.removed.length).toBe(Math.min(count, named.length));
        expect(new Set(named).size).toBe(named.length);
        const after = apply(members, now);
        expect(rest ? apply(after, rest) : after).toEqual(apply(members, { added, removed }));
      }),
    );
  });
});
