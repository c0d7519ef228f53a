import type { Directory } from '@rollcall/sdk';
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isLive, portalLive, watchLive } from './live';

/** The stream as the page has it; the test is the server. */
class TestSource extends EventTarget {
  static opened: TestSource[] = [];
  isClosed = false;

  constructor(readonly address: string) {
    super();
    TestSource.opened.push(this);
  }

  close(): void {
    this.isClosed = true;
  }

  tell(type: string, data: object = {}): Promise<void> {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
    return vi.advanceTimersByTimeAsync(0).then(() => undefined);
  }
}

let client: QueryClient;
let end: () => void;
const reads: string[] = [];
const page = Object.assign(new EventTarget(), { hidden: false });

const directory = (given: Partial<Directory> = {}): Directory =>
  ({ id: 'dir_a', total_users: 1, total_groups: 0, last_synced_at: null, secrets: [], ...given }) as Directory;
const source = (): TestSource => TestSource.opened.at(-1)!;

/** A query that the page shows. */
function show(queryKey: string[], data: unknown): void {
  client.setQueryData(queryKey, data);
  const read = vi.spyOn(client.getQueryCache().find({ queryKey })!, 'invalidate');
  read.mockImplementation(() => void reads.push(queryKey.join('/')));
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', TestSource);
  vi.stubGlobal('document', page);
  TestSource.opened = [];
  reads.length = 0;
  page.hidden = false;
  client = new QueryClient();
  end = watchLive(client, portalLive('org_a'));
});

afterEach(() => {
  end();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('is live from the first word of the server on, until the stream fails, and tries again later', async () => {
  expect(source().address).toBe('/portal/api/live?organization=org_a');
  expect(isLive()).toBe(false);
  await source().tell('beat');
  expect(isLive()).toBe(true);
  await source().tell('error');
  expect([isLive(), source().isClosed]).toEqual([false, true]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(TestSource.opened).toHaveLength(2);
});

it('takes a stream that says nothing any more for lost', async () => {
  await source().tell('beat');
  await vi.advanceTimersByTimeAsync(16_000);
  expect([isLive(), source().isClosed]).toEqual([false, true]);
});

it('has no stream while nobody sees the page', async () => {
  await source().tell('beat');
  page.hidden = true;
  page.dispatchEvent(new Event('visibilitychange'));
  expect([isLive(), source().isClosed]).toEqual([false, true]);
  page.hidden = false;
  page.dispatchEvent(new Event('visibilitychange'));
  expect(TestSource.opened).toHaveLength(2);
});

it('puts what it is told into the page and the list', async () => {
  show(['directories'], [directory({ total_users: 0 })]);
  await source().tell('directory', { directory: directory({ total_users: 7 }) });
  expect(client.getQueryData(['directory', 'dir_a'])).toMatchObject({ total_users: 7 });
  expect(client.getQueryData(['directories'])).toMatchObject([{ total_users: 7 }]);
  await source().tell('directory', { directory: directory({ id: 'dir_b' }) });
  expect(client.getQueryData(['directories'])).toHaveLength(2);
});

it('reads a directory anew when it is told of it as it was before the token that the page was given', async () => {
  const secret = (create_time: string) => ({ id: 'dsec_a', create_time }) as Directory['secrets'][number];
  const given = directory({ secrets: [secret('2026-01-01T00:00:02.000Z')], total_users: 3 });
  show(['directory', 'dir_a'], given);
  await source().tell('directory', { directory: directory() });
  await source().tell('directory', { directory: directory({ secrets: [secret('2026-01-01T00:00:01.000Z')] }) });
  expect(client.getQueryData(['directory', 'dir_a'])).toBe(given);
  expect(reads).toEqual(['directory/dir_a', 'directory/dir_a']);
  await source().tell('directory', { directory: { ...given, total_users: 4 } });
  expect(client.getQueryData(['directory', 'dir_a'])).toMatchObject({ total_users: 4 });
});

it('reads the lists of people anew when people changed, whatever the page has read of the directory meanwhile', async () => {
  const list = ['directory', 'dir_a', 'users'];
  show(list, []);
  client.setQueryData(['directory', 'dir_a'], directory());
  await source().tell('directory', { directory: directory() });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(reads).toEqual([]);
  client.setQueryData(['directory', 'dir_a'], directory({ total_users: 2 }));
  await source().tell('directory', { directory: directory({ total_users: 2 }) });
  expect(reads).toEqual(['directory/dir_a/users']);
});

it('reads them anew for what happened while there was no stream', async () => {
  show(['directory', 'dir_a', 'users'], []);
  await source().tell('directory', { directory: directory() });
  page.hidden = true;
  page.dispatchEvent(new Event('visibilitychange'));
  page.hidden = false;
  page.dispatchEvent(new Event('visibilitychange'));
  await source().tell('directory', { directory: directory({ total_users: 2 }) });
  expect(reads).toEqual(['directory/dir_a/users']);
});

it('reads them at once and then no more often than every three seconds', async () => {
  show(['directory', 'dir_a', 'users'], []);
  client.setQueryData(['directory', 'dir_a'], directory({ total_users: 99 }));
  for (let n = 0; n < 20; n++) await source().tell('directory', { directory: directory({ total_users: n }) });
  expect(reads).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(reads).toHaveLength(2);
});
