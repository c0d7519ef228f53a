import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { DirectoryStreamEvent, RollcallEvent, UserDeletedEvent } from '../events/rollcall-event';
import { applyEvent } from './apply-event';
import { createMemoryStore } from './create-memory-store';
import type { MemoryStore } from './create-memory-store';
import { publishedBy, startDirectoryServer } from './directory-server.test-support';
import { EventLog } from './event-log.test-support';
import type { Step } from './event-log.test-support';
import { syncDirectory } from './sync-directory';

let running: Awaited<ReturnType<typeof startDirectoryServer>> | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

describe('syncDirectory', () => {
  it('fills an empty store from a snapshot and goes on with the events after it', async () => {
    const { log, server, sync, store } = await start([...HIRE_ADA, ...HIRE_BOB]);
    expect(await sync()).toEqual({ position: log.events.length, epoch: 1, snapshots: 1, events: 0 });
    expectSame(store, log);
    for (const step of FIRE_ADA) log.take(step);
    expect(await sync()).toEqual({ position: log.events.length, epoch: 1, snapshots: 0, events: 3 });
    expectSame(store, log);
    expect(server.state.snapshots).toBe(1);
  });

  it('applies the events published while the snapshot was under way', async () => {
    const { log, server, sync, store } = await start(HIRE_ADA);
    server.state.afterSnapshot = () => [...HIRE_BOB, ...FIRE_ADA].forEach((step) => log.take(step));
    expect(await sync()).toMatchObject({ snapshots: 1, events: 6 });
    expectSame(store, log);
  });

  it('takes one snapshot for all who ask for it at once, and lets one of them give up', async () => {
    const { log, server, sync, store } = await start(HIRE_ADA);
    const controller = new AbortController();
    const target = { client: server.client, organizationId: 'org_1', directoryId: 'dir_1', store };
    const runs = [sync(), syncDirectory({ ...target, signal: controller.signal }), sync(), sync()];
    controller.abort(new Error('no time'));
    expect(await Promise.allSettled(runs)).toMatchObject([
      { status: 'fulfilled', value: { snapshots: 1 } },
      { status: 'rejected', reason: { message: 'no time' } },
      { status: 'fulfilled', value: { snapshots: 0 } },
      { status: 'fulfilled', value: { snapshots: 0 } },
    ]);
    expect(server.state.snapshots).toBe(1);
    expectSame(store, log);
  });

  it('reads page after page', async () => {
    const { log, server, sync, store } = await start([]);
    await sync();
    for (let user = 0; user < 1_200; user += 1) log.take({ does: 'write_user', user, title: '', active: true });
    expect(await sync()).toMatchObject({ position: 1_201, snapshots: 0, events: 1_200 });
    expect(server.state.eventPages).toBe(1 + 3);
    expectSame(store, log);
  });

  it('takes a snapshot when retention has dropped the events after its position', async () => {
    const { log, server, sync, store } = await start(HIRE_ADA);
    await sync();
    for (const step of [...FIRE_ADA, ...HIRE_BOB]) log.take(step);
    server.state.oldest = log.events.length - 1;
    expect(await sync()).toEqual({ position: log.events.length, epoch: 1, snapshots: 1, events: 0 });
    expectSame(store, log);
  });

  it('takes a snapshot when a sequence number is missing', async () => {
    const { log, server, sync, store } = await start(HIRE_ADA);
    await sync();
    const missing = log.events.length + 2;
    for (const step of [...HIRE_BOB, ...FIRE_ADA]) log.take(step);
    server.faults.hiddenSequence = missing;
    expect(await sync()).toEqual({ position: log.events.length, epoch: 1, snapshots: 1, events: 0 });
    expectSame(store, log);
  });

  it('gives up with sync_gap when snapshots do not help, and leaves the store at the last one', async () => {
    const { log, server, sync, store } = await start(HIRE_ADA);
    server.state.afterSnapshot = () => {
      // Whatever comes right after a snapshot is lost.
      server.faults.hiddenSequence = log.events.length + 1;
      for (const step of [...HIRE_BOB, ...FIRE_ADA, ...HIRE_ADA]) log.take(step);
    };
    await expect(sync()).rejects.toMatchObject({ code: 'sync_gap' });
    expect(server.state.snapshots).toBe(3);
    const position = (await store.readPosition('dir_1'))?.sequence;
    expectSame(store, { events: log.events.slice(0, position) });
  });

  it('throws away a snapshot that breaks off and takes it again', async () => {
    const { log, server, sync, store } = await start(HIRE_ADA);
    server.faults.cutSnapshots = ['end', 'connection'];
    expect(await sync()).toMatchObject({ position: log.events.length, snapshots: 3 });
    expectSame(store, log);
  });

  it('keeps what the store had when every snapshot breaks off', async () => {
    const { log, server, sync, store } = await start(HIRE_ADA);
    await sync();
    const before = log.events.slice();
    for (const step of FIRE_ADA) log.take(step);
    server.state.oldest = log.events.length + 1;
    server.faults.cutSnapshots = ['connection', 'end', 'end'];
    await expect(sync()).rejects.toMatchObject({ code: 'snapshot_incomplete' });
    expectSame(store, { events: before });
    expect(await store.readPosition('dir_1')).toEqual({ epoch: 1, sequence: before.length });
  });

  it('empties the store when the directory is deleted', async () => {
    const { log, sync, store } = await start([...HIRE_ADA, ...HIRE_BOB]);
    await sync();
    for (const step of [...FIRE_ADA, { does: 'delete_directory' } as const]) log.take(step);
    await sync();
    expectSame(store, log);
    expect(store.users('dir_1')).toEqual([]);
    expect(store.groups('dir_1')).toEqual([]);
  });

  it('empties the store also when the deletion is the only event that is still kept', async () => {
    const { log, server, sync, store } = await start([...HIRE_ADA, ...HIRE_BOB]);
    await sync();
    for (const step of [...FIRE_ADA, { does: 'delete_directory' } as const]) log.take(step);
    server.state.oldest = log.events.length;
    expect(await sync()).toEqual({ position: log.events.length, epoch: 1, snapshots: 1, events: 0 });
    expectSame(store, log);
    server.state.oldest += 1;
    expect(await sync()).toEqual({ position: log.events.length, epoch: 1, snapshots: 0, events: 0 });
  });

  it('does not take a directory for deleted that it merely cannot see', async () => {
    const { log, server, sync, store } = await start(HIRE_ADA);
    await sync();
    const before = log.events.slice();
    for (const step of [...FIRE_ADA, { does: 'delete_directory' } as const]) log.take(step);
    server.state.oldest = log.events.length + 1;
    await expect(sync()).rejects.toMatchObject({ status: 404, code: 'directory_not_found' });
    expectSame(store, { events: before });
  });

  it('goes on with the events of a server from before there were epochs', async () => {
    const { log, server, sync, store } = await start(HIRE_ADA);
    server.faults.knowsNoEpochs = true;
    expect(await sync()).toMatchObject({ epoch: 1, snapshots: 1 });
    for (const step of HIRE_BOB) log.take(step);
    expect(await sync()).toEqual({ position: log.events.length, epoch: 1, snapshots: 0, events: 3 });
    expectSame(store, log);
  });

  it('takes a snapshot when the server was restored and has not come to its position again', async () => {
    const { log, sync, store } = await start([...HIRE_ADA, ...HIRE_BOB]);
    await sync();
    log.restore(HIRE_ADA.length);
    expect(await sync()).toEqual({ position: log.events.length, epoch: 2, snapshots: 1, events: 0 });
    expectSame(store, log);
    for (const step of HIRE_BOB) log.take(step);
    expect(await sync()).toMatchObject({ epoch: 2, snapshots: 0, events: 3 });
    expectSame(store, log);
  });

  it.each([
    ['come to its position again', [{ does: 'write_user', user: 3, title: '', active: true }]],
    [
      'overtaken it',
      [
        { does: 'write_user', user: 4, title: '', active: true },
        { does: 'write_user', user: 3, title: '', active: true },
      ],
    ],
  ] as [string, Step[]][])('takes a snapshot when the server was restored and has %s', async (_, steps) => {
    const { log, sync, store } = await start(HIRE_ADA);
    log.take({ does: 'write_user', user: 2, title: '', active: true });
    await sync();
    log.restore(HIRE_ADA.length);
    for (const step of steps) log.take(step);
    expect(await sync()).toEqual({ position: log.events.length, epoch: 2, snapshots: 1, events: 0 });
    expectSame(store, log);
  });

  it('empties the store of a directory that was deleted before the server was restored', async () => {
    const { log, sync, store } = await start([...HIRE_ADA, { does: 'delete_directory' }]);
    await sync();
    log.restore(log.stepCount);
    expect(await sync()).toMatchObject({ position: log.events.length, events: 0 });
    expectSame(store, log);
  });

  it('throws the errors of the API', async () => {
    const { server, store } = await start(HIRE_ADA);
    const { client } = server;
    await expect(syncDirectory({ client, organizationId: 'org_2', directoryId: 'dir_1', store })).rejects.toMatchObject(
      { status: 404, code: 'not_found' },
    );
    expect(await store.readPosition('dir_1')).toBeNull();
  });

  it('stops when the caller gives up', async () => {
    const { server, store } = await start(HIRE_ADA);
    const signal = AbortSignal.abort(new Error('shutting down'));
    const target = { client: server.client, organizationId: 'org_1', directoryId: 'dir_1', store, signal };
    await expect(syncDirectory(target)).rejects.toThrow('shutting down');
    expect(await store.readPosition('dir_1')).toBeNull();
  });

  it('does no harm when several run at once', async () => {
    const { log, server, sync, store } = await start(HIRE_ADA);
    await Promise.all([sync(), sync()]);
    for (const step of [...HIRE_BOB, ...FIRE_ADA]) log.take(step);
    server.state.oldest = log.events.length;
    await Promise.all([sync(), sync(), sync()]);
    expectSame(store, log);
  });

  it('notices a store that does not read the snapshot to its end', async () => {
    const { server, store } = await start(HIRE_ADA);
    const careless: MemoryStore = {
      ...store,
      async replaceAll(_, { objects }) {
        for await (const object of objects) if (object) break;
      },
    };
    const target = { client: server.client, organizationId: 'org_1', directoryId: 'dir_1', store: careless };
    await expect(syncDirectory(target)).rejects.toThrow(/did not read the snapshot to its end/);
  });
});

describe('applyEvent', () => {
  it('leaves events alone before the first synchronization', async () => {
    const { log, store } = await start(HIRE_ADA);
    expect(await applyEvent({ event: log.events[1]!, store })).toEqual({ applied: false, behind: true });
    expect(await store.readPosition('dir_1')).toBeNull();
  });

  it('applies the next event, and a repeat of it not again', async () => {
    const { log, sync, store } = await start(HIRE_ADA);
    await sync();
    log.take({ does: 'write_user', user: 1, title: 'CTO', active: true });
    const event = log.events.at(-1)!;
    expect(await applyEvent({ event, store })).toEqual({ applied: true, behind: false });
    expect(await applyEvent({ event, store })).toEqual({ applied: false, behind: false });
    expectSame(store, log);
    expect(await sync()).toMatchObject({ events: 0 });
  });

  it('lets an event of a higher epoch win over a higher sequence, and says that a snapshot is due', async () => {
    const { log, sync, store } = await start(HIRE_ADA);
    for (const title of ['CTO', 'CEO']) log.take({ does: 'write_user', user: 1, title, active: true });
    await sync();
    const lost = log.events.at(-1)!;
    log.restore(HIRE_ADA.length);
    log.take({ does: 'write_user', user: 1, title: 'Chair', active: true });
    expect(await applyEvent({ event: log.events.at(-1)!, store })).toEqual({ applied: true, behind: true });
    expect(store.users('dir_1')).toMatchObject([{ title: 'Chair' }]);
    expect(await applyEvent({ event: lost, store })).toEqual({ applied: false, behind: false });
    expect(store.users('dir_1')).toMatchObject([{ title: 'Chair' }]);
    expect(await sync()).toMatchObject({ epoch: 2, snapshots: 1 });
    expect(await applyEvent({ event: lost, store })).toEqual({ applied: false, behind: false });
    expectSame(store, log);
  });

  it('lets a later event of an object win over an earlier one that arrives after it', async () => {
    const { log, sync, store } = await start(HIRE_ADA);
    await sync();
    log.take({ does: 'write_user', user: 1, title: 'CTO', active: true });
    log.take({ does: 'write_user', user: 1, title: 'CEO', active: true });
    const [earlier, later] = log.events.slice(-2);
    expect(await applyEvent({ event: later!, store })).toEqual({ applied: true, behind: true });
    expect(await applyEvent({ event: earlier!, store })).toEqual({ applied: false, behind: false });
    expect(store.users('dir_1')).toMatchObject([{ title: 'CEO' }]);
  });

  it('does not bring back a user whose deletion arrived first', async () => {
    const { log, sync, store } = await start(HIRE_ADA);
    await sync();
    log.take({ does: 'write_user', user: 1, title: 'CTO', active: true });
    log.take({ does: 'delete_user', user: 1 });
    const [update, deletion] = log.events.slice(-3);
    await applyEvent({ event: deletion!, store });
    await applyEvent({ event: update!, store });
    expect(store.users('dir_1')).toEqual([]);
  });

  it('does not bring back a user of a directory whose deletion arrived first', async () => {
    const { log, sync, store } = await start(HIRE_ADA);
    await sync();
    log.take({ does: 'write_user', user: 1, title: 'CTO', active: true });
    log.take({ does: 'delete_directory' });
    const [update, deletion] = log.events.slice(-2);
    expect(await applyEvent({ event: deletion!, store })).toEqual({ applied: true, behind: true });
    expect(await applyEvent({ event: update!, store })).toEqual({ applied: false, behind: false });
    expect(store.users('dir_1')).toEqual([]);
    await sync();
    expectSame(store, log);
  });

  it('remembers a deleted object only while an earlier event of it may still come', async () => {
    const { log, sync, store } = await start(HIRE_ADA);
    await sync();
    log.take({ does: 'write_user', user: 1, title: 'CTO', active: true });
    log.take({ does: 'delete_user', user: 1 });
    const deletion = log.events.at(-2) as UserDeletedEvent;
    const isRemembered = async () => {
      let remembered = false;
      await store.update('dir_1', [deletion.data.id], ({ versions }) => {
        remembered = versions.has(deletion.data.id);
        return null;
      });
      return remembered;
    };
    await applyEvent({ event: deletion, store });
    expect(await isRemembered()).toBe(true);
    await sync();
    expect(await isRemembered()).toBe(false);
  });

  it('ignores what has no place in the stream, and counts a type it does not know', async () => {
    const { log, sync, store } = await start(HIRE_ADA);
    const { position } = await sync();
    const operational = { type: 'endpoint.disabled', directory_id: null, sequence: null, data: {} };
    expect(await applyEvent({ event: operational as unknown as RollcallEvent, store })).toEqual({
      applied: false,
      behind: false,
    });
    const test = { ...log.events[1]!, sequence: null, test: true };
    expect(await applyEvent({ event: test as unknown as RollcallEvent, store })).toEqual({
      applied: false,
      behind: false,
    });
    expect(await store.readPosition('dir_1')).toEqual({ epoch: 1, sequence: position });
    const future = { ...log.events.at(-1)!, type: 'organization.directory.user_renamed', sequence: position + 1 };
    expect(await applyEvent({ event: future as RollcallEvent, store })).toEqual({ applied: false, behind: false });
    expect(await store.readPosition('dir_1')).toEqual({ epoch: 1, sequence: position + 1 });
  });
});

describe('a store fed by webhooks and by synchronization', () => {
  it('has at the end what was published, whatever order webhooks came in and however often the server was restored', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMove, { minLength: 1, maxLength: 60 }), async (moves) => {
        const { log, server, sync, store } = await start([]);
        const lost: DirectoryStreamEvent[] = [];
        try {
          for (const move of moves) {
            if (move.kind === 'step') log.take(move.step);
            if (move.kind === 'sync') await sync();
            if (move.kind === 'webhook') {
              const sent = [...lost, ...log.events];
              await applyEvent({ event: sent.at(-1 - (move.age % sent.length))!, store });
            }
            if (move.kind === 'retention') server.state.oldest = log.events.length;
            if (move.kind === 'restore') {
              lost.push(...log.events);
              log.restore(Math.max(0, log.stepCount - move.steps));
              server.state.oldest = Math.min(server.state.oldest, log.events.length);
            }
          }
          await sync();
          expectSame(store, log);
          expect(await sync()).toMatchObject({ position: log.events.length, events: 0 });
          expectSame(store, log);
        } finally {
          await server.stop();
        }
      }),
      { numRuns: 60 },
    );
  });
});

const number = fc.nat(2);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('write_user' as const),
      user: number,
      title: fc.string(),
      active: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('delete_user' as const), user: number }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('write_group' as const), group: number, name: fc.string() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('delete_group' as const), group: number }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('add_member' as const), user: number, group: number }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('remove_member' as const), user: number, group: number }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('switch' as const), enabled: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ does: 'delete_directory' as const }) },
);
const anyMove = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('step' as const), step: anyStep }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('webhook' as const), age: fc.nat(6) }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'sync' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'retention' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), steps: fc.nat(8) }) },
);

const HIRE_ADA: Step[] = [
  { does: 'write_user', user: 1, title: 'Engineer', active: true },
  { does: 'write_group', group: 1, name: 'Engineering' },
  { does: 'add_member', user: 1, group: 1 },
];
const HIRE_BOB: Step[] = [
  { does: 'write_user', user: 2, title: 'Analyst', active: true },
  { does: 'add_member', user: 2, group: 1 },
];
/** Three events: the update, the deletion, and the group without her. */
const FIRE_ADA: Step[] = [
  { does: 'write_user', user: 1, title: 'Engineer', active: false },
  { does: 'delete_user', user: 1 },
];

async function start(steps: readonly Step[]) {
  const log = new EventLog();
  for (const step of steps) log.take(step);
  const server = await startDirectoryServer(log);
  running = server;
  const store = createMemoryStore();
  const target = { client: server.client, organizationId: 'org_1', directoryId: 'dir_1', store };
  return { log, server, store, sync: () => syncDirectory(target) };
}

/** The store has the users, groups and memberships that the log has published, and nothing else. */
function expectSame(store: MemoryStore, log: Pick<EventLog, 'events'>): void {
  const published = publishedBy(log.events);
  expect(byId(store.users('dir_1'))).toEqual(byId(published.users));
  expect(byId(store.groups('dir_1'))).toEqual(byId(published.groups));
  const members = store
    .groups('dir_1')
    .flatMap(({ id }) => store.members('dir_1', id).map((user) => `${id} ${user.id}`));
  expect(members.toSorted()).toEqual(
    published.memberships.map(({ group_id, user_id }) => `${group_id} ${user_id}`).toSorted(),
  );
}

function byId(objects: readonly unknown[]): unknown {
  return Object.fromEntries(objects.map((object) => [(object as { id: string }).id, object]));
}
