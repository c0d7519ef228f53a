import { afterEach, describe, expect, it } from 'vitest';
import { CLIENT_ID, CLIENT_SECRET, sendJson, startApiServer } from '../client/api-server.test-support';
import type { ApiServer } from '../client/api-server.test-support';
import { createRollcallClient } from '../client/create-rollcall-client';
import { PositionGoneError } from '../client/rollcall-error';
import { consume } from './consume';
import type { Checkpoints, Consumer } from './consume';
import { createMemoryStore } from './create-memory-store';
import { startDirectoryServer } from './directory-server.test-support';
import { EventLog } from './event-log.test-support';
import { reconcile } from './reconcile';

let server: Pick<ApiServer, 'stop'> | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** A feed of so many events, two a page; its positions are `p` and a number. */
async function startFeed(count: number) {
  const state = { count, failures: [] as number[], retryAfter: '' };
  const api = await startApiServer(({ url }, response) => {
    const failure = state.failures.shift();
    if (failure !== undefined) {
      const headers: Record<string, string> = state.retryAfter ? { 'retry-after': state.retryAfter } : {};
      return sendJson(response, failure, { error: { code: 'some_code', message: 'x' } }, headers);
    }
    const after = Number(new URL(url, 'http://x').searchParams.get('after')?.slice(1) ?? 0);
    const last = Math.min(after + 2, state.count);
    const events = Array.from({ length: last - after }, (_, index) => ({ id: `evt_${after + index + 1}` }));
    sendJson(response, 200, { events, next_after: `p${last}`, has_more: last < state.count });
  });
  server = api;
  const { baseUrl } = api;
  const client = createRollcallClient({ baseUrl, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, maxRetries: 0 });
  return { client, state };
}

function keepInMemory(position: string | null = null): Checkpoints & { saved: string[] } {
  const saved: string[] = [];
  return { saved, load: async () => saved.at(-1) ?? position, save: async (to) => void saved.push(to) };
}

/** Runs a consumer until it has waited so often for something new; answers how long each time. */
async function runUntilIdle(consumer: Omit<Consumer, 'signal' | 'sleep'>, waits = 1): Promise<number[]> {
  const controller = new AbortController();
  const seconds: number[] = [];
  const sleep = async (milliseconds: number) => {
    seconds.push(milliseconds / 1000);
    if (seconds.length === waits) controller.abort();
  };
  await consume({ ...consumer, signal: controller.signal, sleep });
  return seconds;
}

describe('consume', () => {
  it('hands on every event in order, and saves the position after each page', async () => {
    const { client } = await startFeed(5);
    const [checkpoints, seen] = [keepInMemory(), [] as string[]];
    await runUntilIdle({ client, checkpoints, handle: ({ id }) => void seen.push(id) });
    expect(seen).toEqual(['evt_1', 'evt_2', 'evt_3', 'evt_4', 'evt_5']);
    expect(checkpoints.saved).toEqual(['p2', 'p4', 'p5']);
  });

  it('goes on from the saved position, and asks again for what is new', async () => {
    const { client, state } = await startFeed(3);
    const [checkpoints, seen] = [keepInMemory('p2'), [] as string[]];
    const handle = ({ id }: { id: string }) => {
      seen.push(id);
      state.count = 4;
    };
    await runUntilIdle({ client, checkpoints, handle }, 2);
    expect([seen, checkpoints.saved]).toEqual([
      ['evt_3', 'evt_4'],
      ['p3', 'p4'],
    ]);
  });

  it('ends with what the handler throws, and brings the page again afterwards', async () => {
    const { client } = await startFeed(4);
    const [checkpoints, seen] = [keepInMemory(), [] as string[]];
    const handle = ({ id }: { id: string }) => {
      seen.push(id);
      if (seen.length === 4) throw new Error('database away');
    };
    await expect(runUntilIdle({ client, checkpoints, handle })).rejects.toThrow('database away');
    expect(checkpoints.saved).toEqual(['p2']);
    await runUntilIdle({ client, checkpoints, handle });
    expect(seen).toEqual(['evt_1', 'evt_2', 'evt_3', 'evt_4', 'evt_3', 'evt_4']);
  });

  it('waits for a server that is away, and ends with an error that does not pass', async () => {
    const { client, state } = await startFeed(1);
    const [checkpoints, seen] = [keepInMemory(), [] as string[]];
    state.failures = [503, 429];
    await runUntilIdle({ client, checkpoints, handle: ({ id }) => void seen.push(id) }, 3);
    expect(seen).toEqual(['evt_1']);
    state.failures = [410];
    await expect(runUntilIdle({ client, checkpoints, handle: () => undefined })).rejects.toBeInstanceOf(
      PositionGoneError,
    );
  });

  it('leaves a server that is busy alone for as long as it asks', async () => {
    const { client, state } = await startFeed(1);
    state.failures = [429, 503];
    state.retryAfter = '7200';
    const waits = await runUntilIdle({ client, checkpoints: keepInMemory(), handle: () => undefined }, 3);
    expect(waits).toEqual([7200, 7200, 5]);
  });

  it('ends between two events when it is told to, with what was handled not saved as a whole page', async () => {
    const { client } = await startFeed(2);
    const [checkpoints, controller] = [keepInMemory(), new AbortController()];
    const handle = () => controller.abort();
    await consume({ client, checkpoints, handle, signal: controller.signal });
    expect(checkpoints.saved).toEqual([]);
  });
});

describe('reconcile', () => {
  it('brings every directory up to date, whatever becomes of another', async () => {
    const log = new EventLog();
    log.take({ does: 'write_user', user: 1, title: 'Engineer', active: true });
    const directory = await startDirectoryServer(log);
    server = directory;
    const client = {
      ...directory.client,
      organizations: { list: () => listed(['org_1']) },
      directories: { ...directory.client.directories, list: () => listed(['dir_x', 'dir_1']) },
    };
    const store = createMemoryStore();
    const results = [];
    for await (const result of reconcile({ client, store })) results.push(result);
    expect(results).toEqual([
      { organizationId: 'org_1', directoryId: 'dir_x', error: expect.objectContaining({ status: 404 }) },
      { organizationId: 'org_1', directoryId: 'dir_1', result: { position: 2, epoch: 1, snapshots: 1, events: 0 } },
    ]);
    expect(store.users('dir_1')).toHaveLength(1);
  });

  it('passes an organization over that is deleted after it was listed', async () => {
    const directory = await startDirectoryServer(new EventLog());
    server = directory;
    const organizations = { list: () => listed(['org_gone', 'org_1']) };
    const store = createMemoryStore();
    const results = [];
    for await (const result of reconcile({ client: { ...directory.client, organizations }, store }))
      results.push(result);
    expect(results).toMatchObject([{ organizationId: 'org_1', directoryId: 'dir_1', result: { position: 1 } }]);
  });

  it.each([true, false])(
    'empties a directory that was deleted while nobody listened, its events kept: %s',
    async (kept) => {
      const log = new EventLog();
      log.take({ does: 'write_user', user: 1, title: 'Engineer', active: true });
      const directory = await startDirectoryServer(log);
      server = directory;
      const store = createMemoryStore();
      const run = async () => {
        const results = [];
        for await (const result of reconcile({ client: directory.client, store })) results.push(result);
        return results;
      };
      await run();
      log.take({ does: 'write_user', user: 2, title: 'Analyst', active: true });
      log.take({ does: 'delete_directory' });
      if (!kept) directory.state.oldest = log.events.length;
      expect(await run()).toMatchObject([{ organizationId: 'org_1', directoryId: 'dir_1', result: { position: 4 } }]);
      expect(store.users('dir_1')).toEqual([]);
      expect(await run()).toEqual([]);
    },
  );
});

/** A list of the API whose items have these ids. */
function listed(ids: string[]) {
  return {
    page: () => Promise.reject(new Error('not asked for')),
    async *[Symbol.asyncIterator]() {
      for (const id of ids) yield { id } as never;
    },
  };
}
