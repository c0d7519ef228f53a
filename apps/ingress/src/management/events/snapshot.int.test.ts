import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import type { DirectoryItem } from '../directories/directory.dto';
import { drain } from '../testing/drain.test-support';
import { pathOf, startApi } from '../testing/start-api';
import type { TestApi } from '../testing/start-api';
import { PACE } from '../../http/stream-at-pace';

let test: TestApi;
let admin: DataSource;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  admin = await createDataSource({ url: test.database.adminUrl, poolSize: 2 }).initialize();
});

afterAll(async () => {
  await admin.destroy();
  await test.stop();
});

type Line = Record<string, unknown> & { kind: string; data?: Record<string, unknown> };

async function snapshot(directory: DirectoryItem): Promise<Line[]> {
  const answer = await fetch(`${test.ingress.baseUrl}/api/v1${pathOf(directory)}/snapshot`, {
    headers: { authorization: `Bearer ${test.api.accessToken}` },
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  const text = await answer.text();
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** A directory with published users as rows, without going through SCIM for each. */
async function fillPublished(directory: DirectoryItem, users: number, size = 1_000, by = admin): Promise<void> {
  const id = directory.id.slice(4);
  const data = `'{"id":"diruser_' || n || '","text":"' || repeat('x', ${size}) || '"}'`;
  await by.query(
    `INSERT INTO published_users (directory_id, id, sequence, data)
     SELECT $1, lpad(n::text, 26, '0'), n, ${data} FROM generate_series(1, ${users}) n`,
    [id],
  );
}

describe('GET …/snapshot', () => {
  it('shows what was published up to its sequence, and nothing that is pending', async () => {
    const directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    const ada = await scim.call('POST', '/Users', { userName: 'ada' });
    const grace = await scim.call('POST', '/Users', { userName: 'grace' });
    const group = await scim.call('POST', '/Groups', {
      displayName: 'Engineers',
      members: [{ value: ada.body.id }, { value: grace.body.id }],
    });
    await drain(test.database.appUrl, directory.id);
    await scim.call('POST', '/Users', { userName: 'pending' });

    const lines = await snapshot(directory);
    const { events } = (
      await test.api.call<{ events: { sequence: number; data: { id: string } }[] }>(
        'GET',
        `/events?directory_id=${directory.id}`,
      )
    ).body;
    expect(lines[0]).toEqual({
      kind: 'header',
      directory_id: directory.id,
      sequence: events.at(-1)?.sequence,
      epoch: 1,
      time: expect.stringMatching(/Z$/),
    });
    const users = lines.filter(({ kind }) => kind === 'user').map(({ data }) => data);
    expect(users.map((data) => data?.['preferred_username'])).toEqual(['ada', 'grace']);
    expect(users[0]).toEqual(events.filter(({ data }) => data.id === `diruser_${ada.body.id}`).at(-1)?.data);
    expect(lines.filter(({ kind }) => kind === 'group').map(({ data }) => data?.['total_users'])).toEqual([2]);
    expect(lines.filter(({ kind }) => kind === 'membership')).toEqual([
      { kind: 'membership', group_id: `dirgroup_${group.body.id}`, user_id: `diruser_${ada.body.id}` },
      { kind: 'membership', group_id: `dirgroup_${group.body.id}`, user_id: `diruser_${grace.body.id}` },
    ]);
    expect(lines.at(-1)).toEqual({ kind: 'end', users: 2, groups: 1, memberships: 2 });
  });

  it('names a user’s groups as it names the groups, also those renamed since the user’s last event', async () => {
    const directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    const users = await Promise.all(
      ['ada', 'grace', 'lin'].map(async (userName) => (await scim.call('POST', '/Users', { userName })).body.id),
    );
    const makeGroup = async (displayName: string, members: unknown[]) =>
      (await scim.call('POST', '/Groups', { displayName, members: members.map((value) => ({ value })) })).body.id;
    const renamed = await makeGroup('Old', users.slice(0, 2));
    const kept = await makeGroup('Kept', users.slice(1));
    await drain(test.database.appUrl, directory.id);
    const before = await snapshot(directory);
    const odd = 'New "name" \\ }], {"id":"dirgroup_x"';
    await scim.call('PUT', `/Groups/${renamed}`, { displayName: odd });
    await scim.call('PUT', `/Groups/${kept}`, { displayName: 'Kept', externalId: 'x' });
    await drain(test.database.appUrl, directory.id);
    const groupsOf = (lines: Line[]) =>
      lines.filter(({ kind }) => kind === 'user').map(({ data }) => data?.['groups'] as { id: string; name: string }[]);
    const after = await snapshot(directory);
    const names = new Map(
      after.filter(({ kind }) => kind === 'group').map(({ data }) => [data?.['id'], data?.['display_name']]),
    );
    expect(new Set(names.values())).toEqual(new Set(['Kept', odd]));
    expect(groupsOf(after)).toEqual(
      groupsOf(before).map((groups) => groups.map(({ id }) => ({ id, name: names.get(id) }))),
    );
    const others = (lines: Line[]) =>
      lines.filter(({ kind }) => kind === 'user').map(({ data }) => ({ ...data, groups: undefined }));
    expect(others(after)).toEqual(others(before));
  });

  it('names a user’s manager as it names the user who is the manager, also renamed since the user’s last event', async () => {
    const directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    const bossId = (await scim.call('POST', '/Users', { userName: 'boss', displayName: 'Old Boss' })).body.id;
    const managers = [
      { value: bossId },
      { value: bossId, displayName: 'Sent' },
      { value: 'ext-1', displayName: 'Outside' },
    ];
    for (const [index, manager] of managers.entries()) {
      await scim.call('POST', '/Users', { userName: `user-${index}`, [enterprise]: { manager } });
    }
    await drain(test.database.appUrl, directory.id);
    const newName = 'New "Boss" \\ }, {"manager":{"id":"diruser_x"';
    await scim.call('PATCH', `/Users/${bossId}`, {
      Operations: [{ op: 'replace', path: 'displayName', value: newName }],
    });
    await drain(test.database.appUrl, directory.id);
    const namesOf = async () =>
      (await snapshot(directory))
        .filter(({ kind }) => kind === 'user')
        .map(({ data }) => (data?.['manager'] as { display_name: string } | null)?.display_name ?? null);
    expect(await namesOf()).toEqual([null, newName, newName, 'Outside']);
    await scim.call('DELETE', `/Users/${bossId}`);
    await drain(test.database.appUrl, directory.id);
    expect(await namesOf()).toHaveLength(3);
  });

  it('leaves out memberships whose user or group is not published', async () => {
    const directory = await test.newDirectory();
    await fillPublished(directory, 1);
    await admin.query(
      `INSERT INTO published_memberships (directory_id, group_id, user_id) VALUES ($1, 'gone', lpad('1', 26, '0')), ($1, 'gone', 'nobody')`,
      [directory.id.slice(4)],
    );
    expect((await snapshot(directory)).at(-1)).toEqual({ kind: 'end', users: 1, groups: 0, memberships: 0 });
  });

  it('is one view although rows change while it is read', async () => {
    const directory = await test.newDirectory();
    await fillPublished(directory, 20_000);
    const { response, next } = await openRaw(directory);
    const first = await next();
    expect(first).toContain('"kind":"header"');
    await admin.query('DELETE FROM published_users WHERE directory_id = $1', [directory.id.slice(4)]);
    let text = first;
    for await (const chunk of response) text += String(chunk);
    expect(text.trimEnd().split('\n').at(-1)).toBe('{"kind":"end","users":20000,"groups":0,"memberships":0}');
  });

  it('waits for a slow reader instead of filling memory, ends its transaction with the reader, and leaves room for other environments', async () => {
    const directory = await test.newDirectory();
    await fillPublished(directory, 100_000, 1_000);
    const before = process.memoryUsage().rss;
    const readers = [await openRaw(directory), await openRaw(directory)];
    await Promise.all(readers.map(({ next }) => next()));
    const refused = await test.api.call('GET', `${pathOf(directory)}/snapshot`);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await statusOf(test, test.foreign, await foreignDirectory())).toBe(200);
    // 300 MB would be on their way if nothing held them back.
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
    const open = async () =>
      Number(
        (
          await admin.query<{ n: string }[]>(
            `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
          )
        )[0]?.n,
      );
    // Between two fetches a transaction is idle; a moment before, it may still be fetching.
    await waitUntil(async () => (await open()) === 2);
    for (const { response } of readers) response.destroy();
    await waitUntil(async () => (await open()) === 0);
    expect((await snapshot(directory)).at(-1)).toMatchObject({ kind: 'end', users: 100_000 });
  });
});

describe('a reader of a snapshot that takes nothing any more', () => {
  it('is cut off, and its slot and its transaction are free again', async () => {
    const database = await createTestDatabase({ migrate: migrateDatabase });
    const impatient = await startApi(database, {}, { streamPace: { ...PACE, stallMs: 500 } });
    const owner = await createDataSource({ url: database.adminUrl, poolSize: 1 }).initialize();
    const directory = await impatient.newDirectory();
    await fillPublished(directory, 30_000, 1_000, owner);
    const readers = [await openRaw(directory, impatient), await openRaw(directory, impatient)];
    const cut = readers.map(({ response }) => new Promise((resolve) => response.once('close', resolve)));
    const taken = await Promise.all(readers.map(({ next }) => next()));
    expect(taken.every((text) => text.includes('"kind":"header"'))).toBe(true);
    const again = () => statusOf(impatient, impatient.api, pathOf(directory));
    await waitUntil(async () => (await again()) === 200, { what: 'a slot being free' });
    const idle = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
    expect(await owner.query(idle)).toEqual([]);
    for (const { response } of readers) response.on('error', () => undefined).resume();
    await Promise.all(cut);
    expect(readers.every(({ response }) => !response.complete)).toBe(true);
    await owner.destroy();
    await impatient.stop();
  });
});

/** How a whole snapshot is answered. */
async function statusOf({ ingress }: TestApi, { accessToken }: TestApi['api'], path: string): Promise<number> {
  const headers = { authorization: `Bearer ${accessToken}` };
  const answer = await fetch(`${ingress.baseUrl}/api/v1${path}/snapshot`, { headers });
  await answer.text();
  return answer.status;
}

/** A directory of the other environment, as a path. */
async function foreignDirectory(): Promise<string> {
  const { organization } = (
    await test.foreign.call<{ organization: { id: string } }>('POST', '/organizations', { display_name: 'Other' })
  ).body;
  const path = `/organizations/${organization.id}`;
  await test.foreign.call('PATCH', `${path}/settings`, { features: [{ name: 'dir_sync', enabled: true }] });
  const { directory } = (
    await test.foreign.call<{ directory: { id: string } }>('POST', `${path}/directories`, {
      directory: { directory_type: 'SCIM', directory_provider: 'OKTA' },
    })
  ).body;
  return `${path}/directories/${directory.id}`;
}

/** A request whose answer is read only as far as it is asked for. */
async function openRaw(directory: DirectoryItem, { api, ingress }: Pick<TestApi, 'api' | 'ingress'> = test) {
  const { promise, resolve, reject } = promiseParts<import('node:http').IncomingMessage>();
  request(`${ingress.baseUrl}/api/v1${pathOf(directory)}/snapshot`, {
    headers: { authorization: `Bearer ${api.accessToken}` },
  })
    .once('response', resolve)
    .once('error', reject)
    .end();
  const response = await promise;
  response.pause();
  const next = async (): Promise<string> => {
    for (;;) {
      const chunk = response.read(64) as Buffer | null;
      if (chunk) return chunk.toString();
      await new Promise((done) => response.once('readable', done));
    }
  };
  return { response, next };
}

function promiseParts<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
