import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HoldAction } from '@rollcall/contract';
import { SimulatedConsumer } from './simulated-consumer.test-support';
import { SimulatedDirectory } from './simulated-directory.test-support';
import type { ParsedEvent } from './simulated-directory.test-support';
import { SimulatedSource } from './simulated-source.test-support';
import type { Command } from './simulated-source.test-support';

const USER_SLOTS = 6;
const GROUP_SLOTS = 3;
const LIMIT = 1;
const GUARD = { maxUsers: LIMIT, maxPercent: null, windowSeconds: 60 };
const ROLES = {
  defaultRole: 'viewer',
  assignments: [{ group_id: 'g1x0', role_name: 'admin' }],
  attributeMappings: [{ key: 'title', map_to: 'job' }],
};

type Step =
  | Command
  | { kind: 'decide'; action: HoldAction; some: number[] | null }
  | { kind: 'drain'; batchSize: number };

const userSlot = fc.nat(USER_SLOTS - 1);
const groupSlot = fc.nat(GROUP_SLOTS - 1);
const userSlots = fc.uniqueArray(userSlot, { maxLength: USER_SLOTS });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('writeUser' as const),
      slot: userSlot,
      title: fc.constantFrom(undefined, 'A', 'B'),
      active: fc.boolean(),
      role: fc.constantFrom(undefined, 'A'),
      broken: fc.constant(false),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('deleteUser' as const), slot: userSlot }) },
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
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      action: fc.constantFrom<HoldAction>('release', 'discard'),
      some: fc.option(userSlots),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('drain' as const), batchSize: fc.integer({ min: 1, max: 6 }) }),
  },
);
/** A population to begin with, so that there is someone to deprovision. */
const setup: Command[] = [
  ...Array.from({ length: USER_SLOTS }, (_, slot) => ({
    kind: 'writeUser' as const,
    slot,
    title: 'A',
    active: true,
    role: undefined,
    broken: false,
  })),
  ...Array.from({ length: GROUP_SLOTS }, (_, slot) => ({ kind: 'writeGroup' as const, slot, name: 'X' })),
  { kind: 'changeMembers', slot: 1, added: [0, 1, 2, 3], removed: [] },
];
const steps = fc
  .array(step, { maxLength: 50, size: 'max' })
  .map((rest): Step[] => [...setup, { kind: 'drain', batchSize: 500 }, ...rest]);

interface Run {
  source: SimulatedSource;
  directory: SimulatedDirectory;
}

/** Runs a history; `drainAt` is called around every drain. */
function run(history: readonly Step[], sliceSize: number, watch: (directory: SimulatedDirectory) => () => void): Run {
  const source = new SimulatedSource();
  const directory = new SimulatedDirectory({ roles: ROLES, sliceSize, guard: GUARD });
  let seen = 0;
  let decisions = 0;
  for (const item of [...history, { kind: 'drain' as const, batchSize: 3 }]) {
    if (item.kind === 'drain') {
      const check = watch(directory);
      directory.drain(() => item.batchSize);
      check();
    } else if (item.kind === 'decide') {
      const users = item.some?.map((slot) => [...directory.holds.users.keys()].toSorted()[slot] ?? '');
      directory.decide(item.action, `d${(decisions += 1)}`, users);
    } else {
      source.run(item);
      directory.enqueue(source.changes.slice(seen));
      seen = source.changes.length;
    }
  }
  return { source, directory };
}

const unwatched = () => () => undefined;

function fold(events: readonly ParsedEvent[]): SimulatedConsumer {
  const consumer = new SimulatedConsumer();
  for (const event of events) consumer.apply(event);
  return consumer;
}

function endsAccess({ type, data, previous_attributes: previous }: ParsedEvent): boolean {
  if (type === 'organization.directory.user_deleted') return data.active === true;
  return type === 'organization.directory.user_updated' && previous?.['active'] === true && data.active === false;
}

const sliceSizes = fc.integer({ min: 1, max: 4 });

describe('any history with held deprovisionings, releases and discards', () => {
  it('brings a consumer of the events alone exactly to the published state, without gap, break or idle event', () => {
    fc.assert(
      fc.property(steps, sliceSizes, (history, sliceSize) => {
        const { directory } = run(history, sliceSize, unwatched);
        const consumer = fold(directory.events);
        expect(consumer.users).toEqual(directory.publishedUsers());
        expect(consumer.groups).toEqual(directory.publishedGroups());
        expect(consumer.memberships).toEqual(directory.publishedMemberships());
        expect(directory.pendingChanges).toEqual([]);
        const kinds = [...directory.holds.users.values()].map(({ holdId }) => holdId);
        expect(directory.holds.counts).toEqual({
          held: kinds.filter((id) => id !== null).length,
          deciding: 0,
          discarded: kinds.filter((id) => id === null).length,
        });
      }),
      { numRuns: 200 },
    );
  });

  it('ends in the state of the source once everything held and discarded is released', () => {
    fc.assert(
      fc.property(steps, sliceSizes, (history, sliceSize) => {
        const { source, directory } = run(history, sliceSize, unwatched);
        directory.decide('release', 'last', [...directory.holds.users.keys()]);
        directory.drain(() => 2);
        expect(directory.holds.users).toEqual(new Map());
        const consumer = fold(directory.events);
        expect(consumer.memberships).toEqual(source.memberships());
        expect(new Map([...consumer.groups].map(([id, group]) => [id, group.display_name]))).toEqual(
          new Map([...source.groups].map(([id, { name }]) => [id, name])),
        );
        expect(new Map([...consumer.users].map(([id, user]) => [id, user.raw_attributes]))).toEqual(source.users);
        for (const [id, user] of consumer.users) {
          const groups = [...source.groups].filter(([, { members }]) => members.has(id)).map(([group]) => group);
          expect(user.groups.map((group) => group.id)).toEqual(groups.toSorted().map((group) => `dirgroup_${group}`));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('gives the users of a release one event each at most', () => {
    fc.assert(
      fc.property(steps, sliceSizes, (history, sliceSize) => {
        const { directory } = run(history, sliceSize, unwatched);
        const before = directory.events.length;
        directory.decide('release', 'last', [...directory.holds.users.keys()]);
        directory.drain();
        const ids = directory.events
          .slice(before)
          .filter(({ object }) => object === 'DirectoryUser')
          .map(({ data }) => data.id);
        expect(ids.length).toBe(new Set(ids).size);
      }),
      { numRuns: 200 },
    );
  });

  it('publishes nothing of a user who waits, before and after the wait as one', () => {
    fc.assert(
      fc.property(steps, sliceSizes, (history, sliceSize) => {
        run(history, sliceSize, (directory) => {
          const decided = directory.pendingChanges.some(({ kind }) => kind === 'deprovisioning_decided');
          const waiting = directory.holds.waiting().map((id) => [id, directory.users.get(id)]);
          return () => {
            if (decided) return;
            expect(waiting.map(([id]) => [id, directory.users.get(id ?? '')])).toEqual(waiting);
          };
        });
      }),
      { numRuns: 200 },
    );
  });

  it('lets no more users lose their access than the guard allows until the owner decides', () => {
    fc.assert(
      fc.property(steps, sliceSizes, (history, sliceSize) => {
        const gone = new Set<string>();
        const undecided = history.filter(({ kind }) => kind !== 'decide');
        const { directory } = run(undecided, sliceSize, unwatched);
        for (const event of directory.events) {
          const id = event.data.id ?? '';
          if (endsAccess(event)) gone.add(id);
          else if (event.object === 'DirectoryUser' && event.data.active) gone.delete(id);
          expect(gone.size).toBeLessThanOrEqual(LIMIT);
        }
        expect(directory.holds.holdsStarted).toBe(directory.holds.users.size > 0 ? 1 : 0);
      }),
      { numRuns: 200 },
    );
  });
});
