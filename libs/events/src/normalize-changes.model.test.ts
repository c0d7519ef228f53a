import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from './change';
import { SimulatedConsumer } from './simulated-consumer.test-support';
import { SimulatedDirectory } from './simulated-directory.test-support';
import { SimulatedSource } from './simulated-source.test-support';
import type { Command } from './simulated-source.test-support';

const USER_SLOTS = 5;
const GROUP_SLOTS = 3;

const userSlot = fc.nat(USER_SLOTS - 1);
const groupSlot = fc.nat(GROUP_SLOTS - 1);
const userSlots = fc.uniqueArray(userSlot, { maxLength: USER_SLOTS });
const few = fc.constantFrom(undefined, 'A', 'B');

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('writeUser' as const),
      slot: userSlot,
      title: few,
      active: fc.boolean(),
      role: few,
      broken: fc.nat(9).map((n) => n === 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deleteUser' as const), slot: userSlot }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('writeGroup' as const),
      slot: groupSlot,
      name: fc.constantFrom('X', 'Y'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('changeMembers' as const),
      slot: groupSlot,
      added: userSlots,
      removed: userSlots,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deleteGroup' as const), slot: groupSlot }) },
);

const ROLES = {
  defaultRole: 'viewer',
  assignments: [
    { group_id: 'g1x0', role_name: 'admin' },
    { group_id: 'g0x0', role_name: 'member' },
  ],
  attributeMappings: [{ key: 'title', map_to: 'job' }],
};

function sourceOf(commands: readonly Command[]): SimulatedSource {
  const source = new SimulatedSource();
  for (const step of commands) source.run(step);
  return source;
}

function drained(
  changes: readonly Change[],
  batchSizes: readonly number[] = [500],
  sliceSize = 500,
): SimulatedDirectory {
  const directory = new SimulatedDirectory({ roles: ROLES, sliceSize });
  let batch = 0;
  directory.enqueue(changes);
  directory.drain(() => batchSizes[batch++ % batchSizes.length] ?? 1);
  return directory;
}

function mendAll(directory: SimulatedDirectory): void {
  while (directory.setAside.size > 0) {
    directory.repair((change) => {
      if (change.kind !== 'user_written') return change;
      const { poison: _, ...resource } = change.resource;
      return { ...change, resource };
    });
    directory.drain();
  }
}

const commands = fc.array(command, { maxLength: 40, size: 'max' });
const splits = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 });

describe('any sequence of changes', () => {
  it('brings a consumer of the events alone exactly to the published state, without gap, break or idle event', () => {
    fc.assert(
      fc.property(commands, splits, fc.integer({ min: 1, max: 4 }), (steps, batchSizes, sliceSize) => {
        const directory = drained(sourceOf(steps).changes, batchSizes, sliceSize);
        const consumer = new SimulatedConsumer();
        for (const event of directory.events) consumer.apply(event);
        expect(consumer.users).toEqual(directory.publishedUsers());
        expect(consumer.groups).toEqual(directory.publishedGroups());
        expect(consumer.memberships).toEqual(directory.publishedMemberships());
        const totals = [...directory.publishedGroups().values()].map((group) => group.total_users);
        expect(totals.reduce((sum, total) => sum + total, 0)).toBe(consumer.memberships.size);
      }),
      { numRuns: 200 },
    );
  });

  it('brings it to the state of the source once what was set aside is repaired', () => {
    fc.assert(
      fc.property(commands, splits, (steps, batchSizes) => {
        const source = sourceOf(steps);
        const directory = drained(source.changes, batchSizes, 2);
        mendAll(directory);
        expect(directory.pendingChanges).toEqual([]);
        const consumer = new SimulatedConsumer();
        for (const event of directory.events) consumer.apply(event);
        expect(consumer.memberships).toEqual(source.memberships());
        const names = new Map([...consumer.groups].map(([id, { display_name }]) => [id, display_name]));
        expect(names).toEqual(new Map([...source.groups].map(([id, { name }]) => [id, name])));
        expect(new Map([...consumer.users].map(([id, { raw_attributes }]) => [id, raw_attributes]))).toEqual(
          source.users,
        );
        for (const [id, user] of consumer.users) {
          const groups = [...source.groups].filter(([, { members }]) => members.has(id)).map(([group]) => group);
          expect(user.groups.map((group) => group.id)).toEqual(groups.toSorted().map((group) => `dirgroup_${group}`));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same events whatever the batches and slices', () => {
    fc.assert(
      fc.property(commands, splits, fc.integer({ min: 1, max: 4 }), (steps, batchSizes, sliceSize) => {
        const { changes } = sourceOf(steps);
        const withoutIds = (directory: SimulatedDirectory) =>
          directory.events.map((event) => ({ ...event, id: undefined }));
        expect(withoutIds(drained(changes, batchSizes, sliceSize))).toEqual(withoutIds(drained(changes)));
      }),
      { numRuns: 200 },
    );
  });

  it('gives no event when every object is written again as it is', () => {
    fc.assert(
      fc.property(commands, (steps) => {
        const source = sourceOf(steps.filter((step) => step.kind !== 'writeGroup' || step.name === 'X'));
        const directory = drained(source.changes);
        mendAll(directory);
        const before = directory.events.length;
        const again = { id: '0', occurredAt: new Date(0) };
        directory.enqueue([
          ...[...source.users].map(([resourceId, resource]) => ({
            ...again,
            kind: 'user_written' as const,
            resourceId,
            resource,
          })),
          ...[...source.groups].flatMap(([resourceId, { name, members }]) => [
            { ...again, kind: 'group_written' as const, resourceId, resource: { displayName: name } },
            { ...again, kind: 'members_changed' as const, resourceId, added: [...members], removed: [] },
          ]),
        ]);
        directory.drain();
        expect(directory.events.slice(before)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
