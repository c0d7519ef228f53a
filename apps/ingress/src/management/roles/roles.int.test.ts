import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import type { DirectoryAnswer } from '../directories/directory.dto';
import type { UserList } from '../people/people.dto';
import type { DryRunAnswer } from '../rules/rules.dto';
import { drain } from '../testing/drain.test-support';
import { pathOf, startApi } from '../testing/start-api';
import type { ErrorBody, TestApi } from '../testing/start-api';
import type { DefaultsAnswer, RoleAnswer, RoleList } from './role.dto';

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

afterAll(() => test.stop());

const create = (body: object) => test.api.call<RoleAnswer & ErrorBody>('POST', '/roles', body);
const setDefault = (body: object) => test.api.call<DefaultsAnswer & ErrorBody>('PATCH', '/roles:set_defaults', body);

describe('a role', () => {
  it('is created, listed in order of name, changed and deleted', async () => {
    const { status, body } = await create({ role_name: 'editor', display_name: 'Editor', description: 'Edits.' });
    expect(status).toBe(201);
    expect(body.role).toEqual({
      role_name: 'editor',
      name: 'editor',
      display_name: 'Editor',
      description: 'Edits.',
      default_member: false,
      create_time: expect.stringMatching(/Z$/),
      update_time: expect.stringMatching(/Z$/),
    });
    expect((await create({ role_name: 'app:author' })).body.role).toMatchObject({ display_name: 'app:author' });
    const first = (await test.api.call<RoleList>('GET', '/roles?page_size=1')).body;
    expect([first.roles[0]?.role_name, first.total_size, first.prev_page_token]).toEqual(['app:author', 2, '']);
    const rest = (await test.api.call<RoleList>('GET', `/roles?page_size=1&page_token=${first.next_page_token}`)).body;
    expect([rest.roles[0]?.role_name, rest.next_page_token]).toEqual(['editor', '']);

    const patched = await test.api.call<RoleAnswer>('PATCH', '/roles/app%3Aauthor', { description: 'Writes.' });
    expect(patched.status).toBe(200);
    expect(patched.body.role).toMatchObject({ display_name: 'app:author', description: 'Writes.' });
    const cleared = await test.api.call<RoleAnswer>('PATCH', '/roles/editor', {
      display_name: null,
      description: null,
    });
    expect(cleared.body.role).toMatchObject({ display_name: 'editor', description: '' });

    expect((await test.api.call('DELETE', '/roles/app:author')).status).toBe(204);
    expect((await test.api.call('DELETE', '/roles/app:author')).status).toBe(404);
    expect((await test.api.call('DELETE', '/roles/editor')).status).toBe(204);
  });

  it('is refused with 409 when its name is taken, also in another case', async () => {
    await create({ role_name: 'owner' });
    for (const role_name of ['owner', 'Owner']) {
      const { status, body } = await create({ role_name });
      expect([status, body.error.code]).toEqual([409, 'role_name_taken']);
    }
  });

  it('of another environment is 404, and its name is free here', async () => {
    await create({ role_name: 'private' });
    expect((await test.foreign.call('PATCH', '/roles/private', {})).status).toBe(404);
    expect((await test.foreign.call('DELETE', '/roles/private')).status).toBe(404);
    expect((await test.foreign.call<RoleList>('GET', '/roles')).body.roles).toEqual([]);
    expect((await test.foreign.call('POST', '/roles', { role_name: 'private' })).status).toBe(201);
  });

  it.each([
    [{}, '"role_name" must be 1 to 100 letters'],
    [{ role_name: 'two words' }, '"role_name" must be 1 to 100 letters'],
    [{ role_name: 'x', display_name: '' }, '"display_name" must be a text of 1 to 200 characters'],
    [
      { role_name: 'x', rights: [] },
      '"rights" is not a known field; known here: role_name, display_name, description.',
    ],
  ])('is refused with 400 when it is %j', async (input, message) => {
    const { status, body } = await create(input);
    expect(status).toBe(400);
    expect(body.error.message).toContain(message);
  });

  it('is 404 when its name cannot be one', async () => {
    expect((await test.api.call('PATCH', '/roles/a%00b', {})).status).toBe(404);
    expect((await test.api.call('PATCH', `/roles/${'x'.repeat(101)}`, {})).status).toBe(404);
  });

  it('is kept with 409 while it is the default or assigned to a group', async () => {
    const directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    const group = await scim.call('POST', '/Groups', { displayName: 'G' });
    await create({ role_name: 'held' });
    const assign = (assignments: object[]) =>
      test.api.call('PUT', `${pathOf(directory)}/groups/-/roles:assign`, { assignments });
    expect((await assign([{ group_id: `dirgroup_${group.body.id}`, role_name: 'held' }])).status).toBe(200);
    const refused = await test.api.call<ErrorBody>('DELETE', '/roles/held');
    expect([refused.status, refused.body.error]).toEqual([
      409,
      expect.objectContaining({ code: 'role_in_use', details: { directory_ids: [directory.id] } }),
    ]);
    await assign([]);
    await setDefault({ default_member: { role_name: 'held' } });
    expect((await test.api.call<ErrorBody>('DELETE', '/roles/held')).body.error.code).toBe('role_in_use');
    await setDefault({ default_member: null });
    expect((await test.api.call('DELETE', '/roles/held')).status).toBe(204);
  });
});

it('is found by its name, and taken in the form of Scalekit’s API too', async () => {
  expect((await test.api.call('GET', '/roles/by-name')).status).toBe(404);
  expect((await create({ name: 'by-name' })).body.role).toMatchObject({ role_name: 'by-name', name: 'by-name' });
  const found = await test.api.call<RoleAnswer>('GET', '/roles/by-name');
  expect(found.body.role).toMatchObject({ role_name: 'by-name', default_member: false });
  for (const body of [{ default_member_role: 'by-name' }, { default_member: { name: 'by-name' } }])
    expect((await setDefault(body)).body).toEqual({ default_member: { role_name: 'by-name' } });
  expect((await setDefault({ default_member: null })).body).toEqual({ default_member: null });
  expect((await test.api.call('DELETE', '/roles/by-name')).status).toBe(204);
  expect((await test.foreign.call('GET', '/roles/by-name')).status).toBe(404);
});

it('is changed by PUT as by PATCH, as Scalekit’s API does it: what is left out stays', async () => {
  await create({ role_name: 'put', display_name: 'Put', description: 'Is put.' });
  const put = (body: object) => test.api.call<RoleAnswer & ErrorBody>('PUT', '/roles/put', body);
  const { status, body } = await put({ display_name: 'Set' });
  expect([status, body.role]).toEqual([
    200,
    expect.objectContaining({ role_name: 'put', name: 'put', display_name: 'Set', description: 'Is put.' }),
  ]);
  expect((await put({ display_name: null, description: null })).body.role).toMatchObject({
    display_name: 'put',
    description: '',
  });
  expect((await put({ permissions: ['read'] })).body.error.message).toContain('"permissions" is not a known field');
  expect((await test.foreign.call('PUT', '/roles/put', {})).status).toBe(404);
  expect((await test.api.call('DELETE', '/roles/put')).status).toBe(204);
  expect((await put({})).status).toBe(404);
});

describe('the default role', () => {
  it('is given to users whom nothing gives one, at once in lists and by the job in events, until null clears it', async () => {
    const directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    await scim.call('POST', '/Users', { userName: 'ada@acme.example' });
    await scim.call('POST', '/Users', { userName: 'cem@acme.example', roles: [{ value: 'Pilot' }] });
    await drain(test.database.appUrl, directory.id);
    await create({ role_name: 'viewer' });
    await create({ role_name: 'pilot' });
    const rolesOf = async () =>
      (await test.api.call<UserList>('GET', `${pathOf(directory)}/users`)).body.users.map(({ roles }) => roles);
    const jobOf = async () => (await test.api.call<DirectoryAnswer>('GET', pathOf(directory))).body.directory.rules_job;

    const chosen = await setDefault({ default_member: { role_name: 'viewer' } });
    expect([chosen.status, chosen.body]).toEqual([200, { default_member: { role_name: 'viewer' } }]);
    expect(await rolesOf()).toEqual([[{ role_name: 'viewer' }], [{ role_name: 'pilot' }]]);
    expect(await jobOf()).toMatchObject({ state: 'pending', total: 2, done: 0, finish_time: null });
    await drain(test.database.appUrl, directory.id);
    expect(await jobOf()).toMatchObject({ state: 'finished', total: 2, done: 2, finish_time: expect.any(String) });

    const { events } = (
      await test.api.call<{ events: { type: string; data: { roles: object[] }; previous_attributes?: object }[] }>(
        'GET',
        `/events?directory_id=${directory.id}&types=organization.directory.user_updated`,
      )
    ).body;
    expect(events.map(({ data, previous_attributes }) => [data.roles, previous_attributes])).toEqual([
      [[{ role_name: 'viewer' }], { roles: [] }],
      [[{ role_name: 'pilot' }], { roles: [{ role_name: 'Pilot' }] }],
    ]);

    const before = await jobOf();
    expect((await setDefault({})).body).toEqual({ default_member: { role_name: 'viewer' } });
    await setDefault({ default_member: { role_name: 'viewer' } });
    expect(await jobOf()).toEqual(before);
    expect((await setDefault({ default_member: null })).body).toEqual({ default_member: null });
    expect(await rolesOf()).toEqual([[], [{ role_name: 'pilot' }]]);
  });

  it('with dry_run tells whom of all directories it would change, and changes nothing', async () => {
    await create({ role_name: 'guest' });
    const [first, second] = [await test.newDirectory(), await test.newDirectory()];
    for (const [directory, userName] of [
      [first, 'eve@acme.example'],
      [second, 'fay@acme.example'],
    ] as const) {
      await (await test.newScim(directory)).call('POST', '/Users', { userName });
      await drain(test.database.appUrl, directory.id);
    }
    const dryRun = (body: object) =>
      test.api.call<DryRunAnswer & ErrorBody>('PATCH', '/roles:set_defaults?dry_run=true', body);
    const { status, body } = await dryRun({ default_member: { role_name: 'guest' } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ complete: true, users_affected: body.events });
    const added = body.sample.filter(({ email }) => ['eve@acme.example', 'fay@acme.example'].includes(email ?? ''));
    expect(added.map(({ roles, previous_attributes }) => [roles, previous_attributes])).toEqual([
      [[{ role_name: 'guest' }], { roles: [] }],
      [[{ role_name: 'guest' }], { roles: [] }],
    ]);
    expect((await setDefault({})).body).toEqual({ default_member: null });
    const { directory } = (await test.api.call<DirectoryAnswer>('GET', pathOf(first))).body;
    expect(directory.rules_job).toBeNull();
    expect((await dryRun({ default_member: { role_name: 'nobody' } })).body.error.code).toBe('unknown_role');
  });

  it('is refused with 422 when there is no such role, or it is another environment’s', async () => {
    await test.foreign.call('POST', '/roles', { role_name: 'theirs' });
    for (const role_name of ['nobody', 'theirs']) {
      const { status, body } = await setDefault({ default_member: { role_name } });
      expect([status, body.error.code]).toEqual([422, 'unknown_role']);
      expect(body.error.message).toBe(
        `There is no such role: ${role_name}. Create it with POST /roles first; case counts.`,
      );
    }
  });
});
