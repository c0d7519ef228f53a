import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import type { DirectoryAnswer, DirectoryItem } from '../directories/directory.dto';
import { drain } from '../testing/drain.test-support';
import { pathOf, startApi } from '../testing/start-api';
import type { ErrorBody, ScimClient, TestApi } from '../testing/start-api';
import type { DeprovisioningAnswer, HeldUserList } from './deprovisioning.dto';

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

afterAll(() => test.stop());

const read = async (directory: DirectoryItem) =>
  (await test.api.call<DirectoryAnswer>('GET', pathOf(directory))).body.directory;

const guard = (directory: DirectoryItem, deprovision_guard: unknown) =>
  test.api.call<DirectoryAnswer & ErrorBody>('PATCH', pathOf(directory), { deprovision_guard });

const decide = (directory: DirectoryItem, action: 'release' | 'discard', body?: object) =>
  test.api.call<DeprovisioningAnswer & ErrorBody>('POST', `${pathOf(directory)}:${action}_deprovisioning`, body);

const heldUsers = async (directory: DirectoryItem, query = '') =>
  (await test.api.call<HeldUserList>('GET', `${pathOf(directory)}/held_users${query}`)).body;

const settle = (directory: DirectoryItem) => drain(test.database.appUrl, directory.id);

const deactivate = (scim: ScimClient, id: string) =>
  scim.call('PATCH', `/Users/${id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', value: { active: false } }],
  });

/** A directory with six users, of whom one may go: the second to fifth are held, the second deleted. */
async function holding(): Promise<{ directory: DirectoryItem; ids: string[] }> {
  const directory = await test.newDirectory();
  const scim = await test.newScim(directory);
  const ids: string[] = [];
  for (let n = 0; n < 6; n++) {
    const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: `user-${n}@acme.test` };
    ids.push((await scim.call('POST', '/Users', user)).body.id);
  }
  await settle(directory);
  await guard(directory, { max_users: 1 });
  expect((await deactivate(scim, ids[0] ?? '')).status).toBe(200);
  expect((await scim.call('DELETE', `/Users/${ids[1]}`)).status).toBe(204);
  for (const id of ids.slice(2, 5)) expect((await deactivate(scim, id)).status).toBe(200);
  await settle(directory);
  return { directory, ids };
}

describe('deprovision_guard', () => {
  it('is off until it is set, with a suggestion beside it, and merges', async () => {
    const directory = await test.newDirectory();
    expect(directory).toMatchObject({
      deprovision_guard: null,
      suggested_deprovision_guard: { max_users: 5, max_percent: null, window_seconds: 3_600 },
      deprovisioning: { state: 'NONE', held_users: 0, held_since: null, discarded_users: 0, job: null },
    });
    const steps: [patch: object | null, guard: object | null][] = [
      [{ max_percent: 12.5 }, { max_users: null, max_percent: 12.5, window_seconds: 3_600 }],
      [
        { max_users: 50, window_seconds: 60 },
        { max_users: 50, max_percent: 12.5, window_seconds: 60 },
      ],
      [{ max_percent: null }, { max_users: 50, max_percent: null, window_seconds: 60 }],
      [{}, { max_users: 50, max_percent: null, window_seconds: 60 }],
      [null, null],
    ];
    for (const [patch, expected] of steps) {
      const { status, body } = await guard(directory, patch);
      expect([status, body.directory.deprovision_guard]).toEqual([200, expected]);
      expect((await read(directory)).deprovision_guard).toEqual(expected);
    }
  });

  it.each([
    [7, '"deprovision_guard" must be an object'],
    [[], '"deprovision_guard" must be an object'],
    [{ max_users: -1 }, '"deprovision_guard.max_users" must be a whole number from 0 to 1000000.'],
    [{ max_users: 1.5 }, '"deprovision_guard.max_users" must be a whole number'],
    [{ max_users: '50' }, '"deprovision_guard.max_users" must be a whole number'],
    [{ max_percent: 101 }, '"deprovision_guard.max_percent" must be a number from 0 to 100.'],
    [{ max_percent: '20 %' }, '"deprovision_guard.max_percent" must be a number from 0 to 100.'],
    [
      { max_users: 5, window_seconds: 0 },
      '"deprovision_guard.window_seconds" must be a whole number from 1 to 2592000.',
    ],
    [{ max_users: 5, window_seconds: null }, '"deprovision_guard.window_seconds" must be a whole number'],
    [{ max_users: 5, users: 5 }, '"deprovision_guard.users" is not a known field'],
  ])('refuses %j with 400 and stays as it was', async (input, message) => {
    const directory = await test.newDirectory();
    await guard(directory, { max_users: 9 });
    const { status, body } = await guard(directory, input);
    expect([status, body.error.code]).toEqual([400, 'invalid_request']);
    expect(body.error.message).toContain(message);
    expect((await read(directory)).deprovision_guard).toMatchObject({ max_users: 9, window_seconds: 3_600 });
  });

  it('without any limit is 422, and the directory stays as it was', async () => {
    const directory = await test.newDirectory();
    for (const input of [{}, { window_seconds: 60 }, { max_users: null, max_percent: null }]) {
      const patch = { name: 'Other', deprovision_guard: input };
      const { status, body } = await test.api.call<ErrorBody>('PATCH', pathOf(directory), patch);
      expect([status, body.error.code]).toEqual([422, 'deprovision_guard_without_limit']);
    }
    expect(await read(directory)).toMatchObject({ deprovision_guard: null, name: directory.name });
  });
});

describe('held users', () => {
  it('are listed as published, with what a release makes of them, and counted in the directory', async () => {
    const { directory, ids } = await holding();
    expect((await read(directory)).deprovisioning).toEqual({
      state: 'HELD',
      held_users: 4,
      held_since: expect.stringMatching(/^\d{4}-.*Z$/),
      discarded_users: 0,
      job: null,
    });
    const list = await heldUsers(directory);
    expect(list.total_size).toBe(4);
    expect(list.held_users.map(({ user, kind, state }) => [user.id, user.active, kind, state])).toEqual(
      ids.slice(1, 5).map((id, index) => [`diruser_${id}`, true, index === 0 ? 'DELETE' : 'DEACTIVATE', 'HELD']),
    );
    expect(list.held_users[0]?.user).not.toHaveProperty('raw_attributes');
    const [detailed] = (await heldUsers(directory, '?include_detail=true&page_size=1')).held_users;
    expect(detailed?.user.raw_attributes).toMatchObject({ userName: 'user-1@acme.test' });
  });

  it('are paged, and filtered by state', async () => {
    const { directory, ids } = await holding();
    const first = await heldUsers(directory, '?page_size=3');
    const next = await heldUsers(directory, `?page_size=3&page_token=${first.next_page_token}`);
    expect([first, next].map(({ held_users }) => held_users.length)).toEqual([3, 1]);
    expect([first.prev_page_token, next.next_page_token]).toEqual(['', '']);
    await decide(directory, 'discard', { user_ids: [`diruser_${ids[3]}`] });
    await settle(directory);
    const discarded = await heldUsers(directory, '?state=DISCARDED');
    expect([discarded.total_size, discarded.held_users.map(({ user }) => user.id)]).toEqual([1, [`diruser_${ids[3]}`]]);
    expect((await heldUsers(directory, '?state=HELD')).total_size).toBe(3);
  });

  it.each(['?state=held', '?page_size=0', '?page_size=101', '?page_token=x', '?include_detail=1', '?kind=DELETE'])(
    'asked for with %s are refused with 400',
    async (query) => {
      const directory = await test.newDirectory();
      const { status, body } = await test.api.call<ErrorBody>('GET', `${pathOf(directory)}/held_users${query}`);
      expect([status, body.error.code]).toEqual([400, expect.stringMatching(/^invalid_/)]);
    },
  );
});

describe('a decision', () => {
  it('is answered with its progress, is carried out by the drain, and said again changes nothing', async () => {
    const { directory } = await holding();
    const { status, body } = await decide(directory, 'release');
    expect(status).toBe(200);
    expect(body.deprovisioning).toMatchObject({
      state: 'NONE',
      held_users: 0,
      held_since: null,
      job: { action: 'release', state: 'pending', total: 4, done: 0, finish_time: null },
    });
    expect((await heldUsers(directory)).held_users.map(({ state }) => state)).toEqual([
      'RELEASING',
      'RELEASING',
      'RELEASING',
      'RELEASING',
    ]);
    expect((await decide(directory, 'discard')).body).toEqual(body);
    await settle(directory);
    expect((await decide(directory, 'release', {})).body.deprovisioning.job).toMatchObject({
      action: 'release',
      state: 'finished',
      done: 4,
      finish_time: expect.any(String),
    });
    expect((await heldUsers(directory)).total_size).toBe(0);
  });

  it('about some users leaves the others, and passes over whoever is not held', async () => {
    const { directory, ids } = await holding();
    const user_ids = [ids[4], ids[0], newId()].map((id) => `diruser_${id}`);
    expect((await decide(directory, 'discard', { user_ids })).body.deprovisioning).toMatchObject({
      state: 'HELD',
      held_users: 3,
      job: { action: 'discard', total: 1 },
    });
    await settle(directory);
    expect((await read(directory)).deprovisioning).toMatchObject({ held_users: 3, discarded_users: 1 });
    // What was discarded can still be released.
    expect((await decide(directory, 'discard', { user_ids })).body.deprovisioning.discarded_users).toBe(1);
    await decide(directory, 'release', { user_ids });
    await settle(directory);
    expect((await read(directory)).deprovisioning).toMatchObject({ state: 'HELD', held_users: 3, discarded_users: 0 });
  });

  it.each([
    ['an empty list', { user_ids: [] }, '"user_ids" must be a list of 1 to 1000 ids that begin with diruser_'],
    ['null as list', { user_ids: null }, '"user_ids" must be a list'],
    ['what is no id', { user_ids: ['diruser_x'] }, '"user_ids" must be a list'],
    ['an id without its prefix', { user_ids: [newId()] }, '"user_ids" must be a list'],
    ['too many', { user_ids: Array.from({ length: 1_001 }, () => `diruser_${newId()}`) }, '"user_ids" must be a list'],
    ['an unknown field', { users: ['x'] }, '"users" is not a known field; known here: user_ids.'],
    ['an array', [], 'object'],
  ])('with %s is refused with 400 and leaves everyone held', async (_name, input, message) => {
    const { directory } = await holding();
    for (const action of ['release', 'discard'] as const) {
      const { status, body } = await decide(directory, action, input);
      expect([status, body.error.code]).toEqual([400, 'invalid_request']);
      expect(body.error.message).toContain(message);
    }
    expect((await read(directory)).deprovisioning).toMatchObject({ state: 'HELD', held_users: 4, job: null });
  });

  it('and the list are 404 in another environment and organization, and after the deletion of the directory', async () => {
    const { directory } = await holding();
    const elsewhere = { id: directory.id, organization_id: await test.newOrganization() };
    const expectNotFound = async (client: TestApi['api'], path: string) => {
      const answers = [
        await client.call<ErrorBody>('GET', `${path}/held_users`),
        await client.call<ErrorBody>('POST', `${path}:release_deprovisioning`),
        await client.call<ErrorBody>('POST', `${path}:discard_deprovisioning`),
      ];
      expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual(
        answers.map(() => [404, 'directory_not_found']),
      );
    };
    await expectNotFound(test.foreign, pathOf(directory));
    await expectNotFound(test.api, pathOf(elsewhere));
    expect((await read(directory)).deprovisioning.held_users).toBe(4);
    await test.api.call('DELETE', pathOf(directory));
    await expectNotFound(test.api, pathOf(directory));
  });
});
