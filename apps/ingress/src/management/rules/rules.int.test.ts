import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import type { DirectoryAnswer, DirectoryItem } from '../directories/directory.dto';
import { drain } from '../testing/drain.test-support';
import { pathOf, startApi } from '../testing/start-api';
import type { ErrorBody, ScimClient, TestApi } from '../testing/start-api';
import type { AttributeMappingsAnswer, DryRunAnswer, MappingAnswer, RoleAssignmentsAnswer } from './rules.dto';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

let test: TestApi;
let directory: DirectoryItem;
let scim: ScimClient;
let ids: Record<string, string>;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  for (const role_name of ['admin', 'member']) await test.api.call('POST', '/roles', { role_name });
});

afterAll(() => test.stop());

interface UpdatedEvent {
  sequence: number;
  data: { id: string; roles: object[]; custom_attributes: object };
  previous_attributes: Record<string, unknown>;
}

/** A directory with ada and grace in Staff, grace in Chiefs too, and cem in neither; all of it published. */
async function publishPeople(): Promise<void> {
  directory = await test.newDirectory();
  scim = await test.newScim(directory);
  ids = {};
  for (const [name, title] of Object.entries({ ada: 'Engineer', grace: 'Admiral', cem: undefined })) {
    const { body } = await scim.call('POST', '/Users', { userName: `${name}@acme.example`, ...(title && { title }) });
    ids[name] = `diruser_${body.id}`;
  }
  for (const [group, members] of Object.entries({ Staff: ['ada', 'grace'], Chiefs: ['grace'] })) {
    const { body } = await scim.call('POST', '/Groups', {
      displayName: group,
      members: members.map((name) => ({ value: ids[name]?.slice(8) })),
    });
    ids[group] = `dirgroup_${body.id}`;
  }
  await drain(test.database.appUrl, directory.id);
}

const assign = <Body = RoleAssignmentsAnswer>(assignments: unknown, query = '') =>
  test.api.call<Body>('PUT', `${pathOf(directory)}/groups/-/roles:assign${query}`, { assignments });
const map = <Body = AttributeMappingsAnswer>(attributes: unknown, query = '') =>
  test.api.call<Body>('PUT', `${pathOf(directory)}/attributes${query}`, { attributes });
const read = async () => (await test.api.call<DirectoryAnswer>('GET', pathOf(directory))).body.directory;

/** The user_updated events since a sequence, after draining. */
async function updatesAfter(sequence: number): Promise<UpdatedEvent[]> {
  await drain(test.database.appUrl, directory.id);
  const path = `/events?directory_id=${directory.id}&after_sequence=${sequence}`;
  return (await test.api.call<{ events: UpdatedEvent[] }>('GET', path)).body.events;
}

/** What the directory is set to: how it is doing becomes known by and by. */
async function readRules() {
  const { role_assignments, attribute_mappings } = await read();
  return { role_assignments, attribute_mappings };
}

async function lastSequence(): Promise<number> {
  return (await updatesAfter(0)).at(-1)?.sequence ?? 0;
}

describe('PUT …/groups/-/roles:assign', () => {
  beforeAll(publishPeople);

  it('with dry_run tells who would change and how many events, and changes nothing', async () => {
    const before = await readRules();
    const wanted = [{ group_id: ids['Chiefs'], role_name: 'admin' }];
    const { status, body } = await assign<DryRunAnswer>(wanted, '?dry_run=true');
    expect(status).toBe(200);
    expect(body).toEqual({
      users_affected: 1,
      events: 1,
      users_examined: 3,
      complete: true,
      sample: [
        {
          id: ids['grace'],
          email: 'grace@acme.example',
          roles: [{ role_name: 'admin' }],
          custom_attributes: {},
          previous_attributes: { roles: [] },
        },
      ],
    });
    expect(await readRules()).toEqual(before);
    expect(before).toMatchObject({ role_assignments: { assignments: [] } });
  });

  it('gives users the roles of their groups in order of precedence, each in one event of its own', async () => {
    const sequence = await lastSequence();
    const assignments = [
      { group_id: ids['Chiefs'], role_name: 'admin' },
      { group_id: ids['Staff'], role_name: 'member' },
    ];
    const { status, body } = await assign(assignments);
    expect(status).toBe(200);
    expect(body).toMatchObject({ assignments, rules_job: { state: 'pending', total: 3, done: 0 } });
    const events = await updatesAfter(sequence);
    expect(events.map(({ sequence: number, data }) => [number - sequence, data.id, data.roles])).toEqual([
      [1, ids['ada'], [{ role_name: 'member' }]],
      [2, ids['grace'], [{ role_name: 'admin' }, { role_name: 'member' }]],
    ]);
    expect(await read()).toMatchObject({
      role_assignments: { assignments },
      rules_job: { state: 'finished', total: 3, done: 3 },
    });
  });

  it('again as it is starts nothing', async () => {
    const { rules_job: before, role_assignments } = await read();
    const { body } = await assign(role_assignments.assignments);
    expect(body.rules_job).toEqual(before);
    expect(await updatesAfter(await lastSequence())).toEqual([]);
  });

  it('chains with changes that were pending when it came', async () => {
    const sequence = await lastSequence();
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
    const patch = (name: string, Operations: object[]) =>
      scim.call('PATCH', `/Users/${ids[name]?.slice(8)}`, { schemas, Operations });
    await patch('ada', [{ op: 'replace', path: 'title', value: 'Countess' }]);
    await assign([{ group_id: ids['Staff'], role_name: 'admin' }]);
    await patch('grace', [{ op: 'replace', path: 'title', value: 'Rear Admiral' }]);
    const events = await updatesAfter(sequence);
    expect(events.map(({ data, previous_attributes }) => [data.id, previous_attributes])).toEqual([
      [ids['ada'], { title: 'Engineer', roles: [{ role_name: 'member' }] }],
      [ids['grace'], { roles: [{ role_name: 'admin' }, { role_name: 'member' }] }],
      [ids['grace'], { title: 'Admiral' }],
    ]);
  });

  it('refuses unknown groups, unknown roles and repeated pairs with 422, and leaves what was', async () => {
    const before = await readRules();
    const elsewhere = 'dirgroup_01kag3v2q9x8w7n6m5k4j3h2g1';
    for (const [assignments, code, message] of [
      [[{ group_id: elsewhere, role_name: 'admin' }], 'unknown_group', elsewhere],
      [[{ group_id: ids['Staff'], role_name: 'Admin' }], 'unknown_role', 'There is no such role: Admin.'],
      [
        [1, 2].map(() => ({ group_id: ids['Staff'], role_name: 'admin' })),
        'duplicate_assignment',
        'Name each pair once',
      ],
    ] as const) {
      for (const query of ['', '?dry_run=true']) {
        const { status, body } = await assign<ErrorBody>(assignments, query);
        expect([status, body.error.code]).toEqual([422, code]);
        expect(body.error.message).toContain(message);
      }
    }
    expect(await readRules()).toEqual(before);
  });

  it.each([
    [undefined, '"assignments" must be a list of at most 1000 objects.'],
    [[{ group_id: 'x', role_name: 'admin' }], '"assignments.0.group_id" must be an id that begins with dirgroup_.'],
    [[{ role: 'admin' }], '"assignments.0.role" is not a known field; known here: group_id, role_name.'],
  ])('refuses %j with 400', async (assignments, message) => {
    const { status, body } = await assign<ErrorBody>(assignments);
    expect(status).toBe(400);
    expect(body.error.message).toContain(message);
  });

  it('is 404 in another environment', async () => {
    const path = `${pathOf(directory)}/groups/-/roles:assign`;
    expect((await test.foreign.call('PUT', path, { assignments: [] })).status).toBe(404);
    expect((await test.foreign.call('PUT', `${path}?dry_run=true`, { assignments: [] })).status).toBe(404);
  });
});

describe('GET …/mapping', () => {
  beforeAll(publishPeople);

  it('names the groups of the assignments, and the roles that there are to give', async () => {
    await assign([
      { group_id: ids['Chiefs'], role_name: 'admin' },
      { group_id: ids['Chiefs'], role_name: 'member' },
      { group_id: ids['Staff'], role_name: 'member' },
    ]);
    const { status, body } = await test.api.call<MappingAnswer>('GET', `${pathOf(directory)}/mapping`);
    expect(status).toBe(200);
    expect(body.mapping).toMatchObject({
      may_map_roles: false,
      may_map_attributes: false,
      assignments: [
        { group_id: ids['Chiefs'], group_name: 'Chiefs', role_name: 'admin' },
        { group_id: ids['Chiefs'], group_name: 'Chiefs', role_name: 'member' },
        { group_id: ids['Staff'], group_name: 'Staff', role_name: 'member' },
      ],
      attributes: [],
      rules_job: { state: 'pending' },
    });
    expect(body.mapping.roles.map(({ role_name }) => role_name)).toEqual(['admin', 'member']);
  });

  it('is 404 in another environment', async () => {
    expect((await test.foreign.call('GET', `${pathOf(directory)}/mapping`)).status).toBe(404);
  });
});

describe('PUT …/attributes', () => {
  beforeAll(publishPeople);

  const attributes = [
    { key: 'nickName', map_to: 'job', fallback_keys: ['title'], default: 'none' },
    { key: 'emails[type eq "work"].value', map_to: 'mail' },
  ];

  it('with dry_run tells what it would do, and does it without', async () => {
    const sequence = await lastSequence();
    const dry = (await map<DryRunAnswer>(attributes, '?dry_run=true')).body;
    expect([dry.users_affected, dry.events]).toEqual([3, 3]);
    expect(await updatesAfter(sequence)).toEqual([]);
    const { status, body } = await map(attributes);
    expect(status).toBe(200);
    expect(body).toMatchObject({ attributes, rules_job: { state: 'pending' } });
    const events = await updatesAfter(sequence);
    expect(events.map(({ data, previous_attributes }) => [data.custom_attributes, previous_attributes])).toEqual(
      ['Engineer', 'Admiral', 'none'].map((job) => [{ job }, { custom_attributes: { job: null } }]),
    );
    expect(
      dry.sample.map(({ custom_attributes, previous_attributes }) => [custom_attributes, previous_attributes]),
    ).toEqual(events.map(({ data, previous_attributes }) => [data.custom_attributes, previous_attributes]));
    expect((await read()).attribute_mappings).toEqual({ attributes });
  });

  it('emptied takes the attributes away again', async () => {
    const sequence = await lastSequence();
    await map([]);
    const events = await updatesAfter(sequence);
    expect(events.map(({ data }) => data.custom_attributes)).toEqual([{}, {}, {}]);
  });

  it('applies to a user who comes later', async () => {
    await map([{ key: 'title', map_to: 'job' }]);
    const sequence = await lastSequence();
    await scim.call('POST', '/Users', { userName: 'lin@acme.example', title: 'Composer' });
    const [created] = await updatesAfter(sequence);
    expect(created?.data.custom_attributes).toEqual({ job: 'Composer' });
  });

  it('reads every way in which providers write a path', async () => {
    const keys = ['department', `${ENTERPRISE}.department`, 'roles[primary eq "True"].value'];
    await map(keys.map((key, index) => ({ key, map_to: `m${index}` })));
    const sequence = await lastSequence();
    await scim.call('POST', '/Users', {
      userName: 'hedy@acme.example',
      [ENTERPRISE]: { department: 'Radio' },
      roles: [{ value: 'user' }, { value: 'admin', primary: 'True' }],
    });
    const [created] = await updatesAfter(sequence);
    expect(created?.data.custom_attributes).toEqual({ m0: 'Radio', m1: 'Radio', m2: 'admin' });
  });

  it('refuses one name mapped twice with 422', async () => {
    const twice = ['title', 'nickName'].map((key) => ({ key, map_to: 'job' }));
    const { status, body } = await map<ErrorBody>(twice);
    expect([status, body.error.code]).toEqual([422, 'duplicate_mapping']);
  });

  it.each([
    [[{ key: 'emails[type', map_to: 'x' }], '"attributes.0.key" must be a SCIM attribute path, such as title'],
    [[{ key: 'groups', map_to: 'x' }], '"attributes.0.key" must be a SCIM attribute path, such as title'],
    [[{ key: 'id', map_to: 'x' }], '"attributes.0.key" must be a SCIM attribute path, such as title'],
    [[{ key: `${ENTERPRISE}.manager.displayName`, map_to: 'x' }], '"attributes.0.key" must be a SCIM attribute path'],
    [[{ key: 'title' }], '"attributes.0.map_to" must be a text of 1 to 100 characters'],
    ...['__proto__', 'constructor', 'prototype'].map((map_to): [object[], string] => [
      [{ key: 'title', map_to }],
      '"attributes.0.map_to" must be a text of 1 to 100 characters, other than',
    ]),
    [[{ key: 'title', map_to: 'x', fallback_keys: [''] }], '"attributes.0.fallback_keys" must be a list of at most 10'],
    [[{ key: 'title', map_to: 'x', default: {} }], '"attributes.0.default" must be a text of at most 500 characters'],
  ])('refuses %j with 400', async (input, message) => {
    const { status, body } = await map<ErrorBody>(input);
    expect(status).toBe(400);
    expect(body.error.message).toContain(message);
  });
});
