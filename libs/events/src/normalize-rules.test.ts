import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { previewRules } from './apply-rules';
import { compileRules, NO_RULES } from './compile-rules';
import type { AssignmentRules, Change } from './change';
import { normalizeChanges } from './normalize-changes';
import { SimulatedConsumer } from './simulated-consumer.test-support';
import { SimulatedDirectory, TENANT } from './simulated-directory.test-support';
import type { DrainOptions, ParsedEvent } from './simulated-directory.test-support';

let lastChangeId = 0;

function base() {
  return { id: String((lastChangeId += 1)), occurredAt: new Date('2026-11-21T10:20:17.072Z') };
}

const writeUser = (resourceId: string, resource: Record<string, unknown> = {}): Change => ({
  ...base(),
  kind: 'user_written',
  resourceId,
  resource: { userName: `${resourceId}@acme.com`, ...resource },
});
const writeGroup = (resourceId: string, displayName = resourceId): Change => ({
  ...base(),
  kind: 'group_written',
  resourceId,
  resource: { displayName },
});
const changeMembers = (resourceId: string, added: string[], removed: string[] = []): Change => ({
  ...base(),
  kind: 'members_changed',
  resourceId,
  added,
  removed,
});
const rulesChanged = (): Change => ({ ...base(), kind: 'rules_changed' });

function directoryWith(changes: Change[], options: DrainOptions = {}): SimulatedDirectory {
  const directory = new SimulatedDirectory(options);
  directory.enqueue(changes);
  directory.drain();
  return directory;
}

function eventsUnder(directory: SimulatedDirectory, rules: AssignmentRules, changes: Change[] = []): ParsedEvent[] {
  const before = directory.events.length;
  directory.changeRules(rules);
  directory.enqueue([rulesChanged(), ...changes]);
  directory.drain();
  return directory.events.slice(before);
}

describe('changed rules', () => {
  const people = [writeUser('u1', { title: 'Engineer' }), writeUser('u2'), writeUser('u3', { title: 'Sales' })];
  const staff = [writeGroup('g1', 'Staff'), changeMembers('g1', ['u2'])];

  it('give a user_updated for each user whom they give something else, and for no other', () => {
    const directory = directoryWith([...people, ...staff]);
    const events = eventsUnder(directory, {
      ...NO_RULES,
      assignments: [{ group_id: 'g1', role_name: 'admin' }],
      attributeMappings: [{ key: 'title', map_to: 'job' }],
    });
    expect(events.map(({ data, previous_attributes }) => [data.id, previous_attributes])).toEqual([
      ['diruser_u1', { custom_attributes: { job: null } }],
      ['diruser_u2', { roles: [] }],
      ['diruser_u3', { custom_attributes: { job: null } }],
    ]);
    expect(events[1]?.data.roles).toEqual([{ role_name: 'admin' }]);
    expect(directory.pendingChanges).toEqual([]);
  });

  it('give nothing when they come to the same', () => {
    const directory = directoryWith([...people, ...staff]);
    const unused = { ...NO_RULES, assignments: [{ group_id: 'g9', role_name: 'admin' }], ownerRoles: ['admin'] };
    expect(eventsUnder(directory, unused)).toEqual([]);
  });

  it('tell a renamed group only to those whom they change', () => {
    const directory = directoryWith([...people, ...staff, changeMembers('g1', ['u1']), writeGroup('g1', 'Crew')]);
    const mapped = { ...NO_RULES, attributeMappings: [{ key: 'title', map_to: 'job' }] };
    const events = eventsUnder(directory, mapped);
    expect(events.map(({ data }) => data.id)).toEqual(['diruser_u1', 'diruser_u3']);
    expect(events[0]?.data.groups).toEqual([{ id: 'dirgroup_g1', name: 'Crew' }]);
    expect(events[0]?.previous_attributes).toMatchObject({ groups: [{ id: 'dirgroup_g1', name: 'Staff' }] });
  });

  it('hold up no change behind them, however many slices they take', () => {
    const directory = directoryWith(people, { sliceSize: 1 });
    const events = eventsUnder(directory, { ...NO_RULES, defaultRole: 'viewer' }, [writeUser('u2', { title: 'New' })]);
    expect(events.map(({ data }) => data.id)).toEqual(['diruser_u1', 'diruser_u2', 'diruser_u3']);
    expect(events[1]?.previous_attributes).toEqual({ title: null, roles: [] });
  });

  it('are said of a superseded row to be done at once', () => {
    const change = rulesChanged();
    const state = { users: new Map(), groups: new Map(), groupIdsOfUser: new Map() };
    const context = { ...TENANT, lastSequence: 3, epoch: 1, newEventId: () => 'v1', roles: NO_RULES };
    const rulesSlices = new Map([[change.id, { userIds: [], more: false }]]);
    const batch = normalizeChanges([change], { ...state, rulesSlices }, context);
    expect(batch).toMatchObject({ events: [], lastSequence: 3, consumedChangeIds: [change.id], moreToDo: false });
    expect(() => normalizeChanges([change], state, context)).toThrow('have not been loaded');
  });

  it('are previewed exactly as they will apply', () => {
    const rules = {
      ...NO_RULES,
      defaultRole: 'viewer',
      assignments: [{ group_id: 'g1', role_name: 'admin' }],
      attributeMappings: [{ key: 'nickName', map_to: 'job', fallback_keys: ['title'], default: 'none' }],
    };
    const directory = directoryWith([...people, ...staff, writeUser('u4', { roles: ['x'] })]);
    const published = [...directory.publishedUsers().values()];
    const previewed = published.flatMap((data) => previewRules(data, compileRules(rules)) ?? []);
    const events = eventsUnder(directory, rules);
    expect(events.map(({ data, previous_attributes }) => ({ data, previousAttributes: previous_attributes }))).toEqual(
      previewed,
    );
    expect(previewed.map(({ data }) => data.custom_attributes['job'])).toEqual(['Engineer', 'none', 'Sales', 'none']);
  });

  it('leave every user as the new rules want it, in a chain of events, whenever they change and whatever the slices', () => {
    const users = ['u1', 'u2', 'u3', 'u4'];
    const some = fc.subarray(users);
    const step: fc.Arbitrary<(() => Change) | AssignmentRules> = fc.oneof(
      fc.tuple(fc.constantFrom(...users), fc.constantFrom('A', 'B', undefined)).map(
        ([id, title]) =>
          () =>
            writeUser(id, title ? { title } : {}),
      ),
      fc.constantFrom(...users).map((resourceId) => (): Change => ({ ...base(), kind: 'user_deleted', resourceId })),
      fc.tuple(some, some).map(
        ([added, removed]) =>
          () =>
            changeMembers('g1', added, removed),
      ),
      fc.record({
        defaultRole: fc.constantFrom(null, 'viewer'),
        assignments: fc.subarray([{ group_id: 'g1', role_name: 'admin' }]),
        attributeMappings: fc.subarray([{ key: 'title', map_to: 'job' }]),
      }),
    );
    const batchSizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 30 }),
        batchSizes,
        fc.integer({ min: 1, max: 3 }),
        (steps, sizes, size) => {
          const directory = directoryWith([writeGroup('g1')], { roles: NO_RULES, sliceSize: size });
          let batch = 0;
          let rules = NO_RULES;
          for (const next of steps) {
            if (typeof next !== 'function') directory.changeRules((rules = next));
            directory.enqueue([typeof next === 'function' ? next() : rulesChanged()]);
            if (batch % 2 === 0) directory.drain(() => sizes[batch++ % sizes.length] ?? 1);
            batch++;
          }
          directory.drain(() => sizes[batch++ % sizes.length] ?? 1);
          const consumer = new SimulatedConsumer();
          for (const event of directory.events) consumer.apply(event);
          expect(consumer.users).toEqual(directory.publishedUsers());
          for (const data of consumer.users.values()) expect(previewRules(data, compileRules(rules))).toBeNull();
        },
      ),
      { numRuns: 200 },
    );
  });
});
