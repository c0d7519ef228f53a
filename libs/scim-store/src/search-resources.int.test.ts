import * as fc from 'fast-check';
import { Client } from 'pg';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeGroup, changeUser } from '@rollcall/directory';
import { newId } from '@rollcall/platform';
import {
  compareResources,
  groupResourceType,
  matchesFilter,
  parseFilter,
  readResource,
  resolveFilter,
  resolveSortPath,
  ScimError,
  userResourceType,
} from '@rollcall/scim';
import type { ResolvedFilter, ResourceType, ScimResource, Sort } from '@rollcall/scim';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createPool, migrateDatabase } from '@rollcall/database';
import { NotAdmitted } from './admitted-calls';
import { callAs } from './call-as.test-support';
import type { ScimCaller } from './caller';
import { insertGroup, loadGroups } from './group-store';
import { groupTable, userTable } from './resource-table';
import type { ResourceTable } from './resource-table';
import { searchResources } from './search-resources';
import { buildDirectory } from '@rollcall/test-builders';
import type { StoredResource } from './stored-resource';
import { insertUser, loadUsers } from './user-store';

/** Text that differs in case, needs escaping in one of the two worlds, or folds in a special way. */
const TEXTS = [
  ...'a A b ß é 1 % _ \\ " \' Ａ ガ k \u212a \u1e9e'.split(' '),
  'ab',
  'AB',
  'Ábc',
  'ábC',
  'İx',
  'I\u0307x',
  'ΟΔΟΣ',
  'οδος',
  'οδοσ',
  'e\u0301',
  'ｶﾞ',
  'z z',
  'a\u3000b',
];
const text = fc.constantFrom(...TEXTS);

const user = fc.record(
  {
    userName: fc.tuple(text, fc.integer({ min: 0, max: 9_999_999 })).map(([prefix, n]) => `${prefix}${n}`),
    externalId: text,
    displayName: text,
    title: text,
    profileUrl: text,
    active: fc.boolean(),
    name: fc.record({ givenName: text, familyName: text }, { requiredKeys: [] }),
    emails: fc.array(fc.record({ value: text, type: text, primary: fc.boolean() }, { requiredKeys: [] }), {
      maxLength: 3,
    }),
    roles: fc.array(fc.oneof(text, fc.record({ value: text, type: text })), { maxLength: 2 }),
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': fc.record(
      { department: text, manager: fc.record({ value: text }), employeeNumber: text },
      { requiredKeys: [] },
    ),
    'urn:acme:2.0:User': fc.record({
      level: fc.oneof(fc.integer({ min: 0, max: 3 }), text),
      Tags: fc.array(text, { maxLength: 2 }),
      desk: fc.oneof(text, fc.record({ floor: fc.oneof(fc.integer({ min: 0, max: 3 }), text), type: text })),
    }),
    shoeSize: fc.oneof(
      fc.integer({ min: 0, max: 3 }),
      fc.boolean(),
      text,
      fc.record({ Value: text }),
      fc.array(text, { maxLength: 2 }),
    ),
  },
  { requiredKeys: ['userName'] },
);

/** Users are made and changed hours apart, in different orders. */
const EPOCH = Date.parse('2026-03-28T22:30:00.250Z');
const hour = (n: number): Date => new Date(EPOCH + n * 3_600_000);
const TIMES = [0, 1, 2, 7, 12].flatMap((n) => [
  hour(n).toISOString(),
  hour(n).toISOString().replace('.250Z', 'Z'),
  `${new Date(hour(n).getTime() + 5.5 * 3_600_000).toISOString().slice(0, -1)}+05:30`,
  `${new Date(hour(n).getTime() - 8 * 3_600_000).toISOString().slice(0, -1)}-08:00`,
]);

const PATHS = [
  'id',
  'userName',
  'externalId',
  'displayName',
  'title',
  'profileUrl',
  'active',
  'name.givenName',
  'name.familyName',
  'name',
  'emails',
  'emails.value',
  'emails.type',
  'emails.primary',
  'roles',
  'roles.value',
  'roles.type',
  'department',
  'manager',
  'manager.value',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  'urn:acme:2.0:User:LEVEL',
  'urn:acme:2.0:User:tags',
  'SHOESIZE',
  'shoeSize.value',
  'groups',
  'groups.display',
  'groups.$ref',
  'meta.location',
  'meta.created',
  'meta.lastModified',
  'meta.version',
  'meta.resourceType',
  'schemas',
  'nothing.here',
];
const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
const literal = fc.oneof(
  text.map((value) => JSON.stringify(value)),
  fc.constantFrom(...TIMES).map((time) => JSON.stringify(time)),
  fc.constantFrom('true', 'false', 'null', '0', '1', '2.5', '"2026"', '"Z"', '"/Groups/"', '"USERS"'),
);
/** Times compared with times, which other literals would seldom be. */
const timeComparison = fc
  .tuple(
    fc.constantFrom('meta.created', 'meta.lastModified', 'META.LASTMODIFIED'),
    fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le', 'sw', 'co'),
    fc.constantFrom(...TIMES),
  )
  .map(([path, operator, time]) => `${path} ${operator} "${time}"`);
const comparison = (paths: string[]): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .tuple(fc.constantFrom(...paths), fc.constantFrom(...OPERATORS), literal)
        .map((parts) => parts.join(' ')),
    },
    { weight: 1, arbitrary: fc.constantFrom(...paths).map((path) => `${path} pr`) },
  );
/** Attributes whose values a value path can select, in the core, in an extension that is known and in ones that are not. */
const VALUED = [
  'emails',
  'roles',
  'groups',
  'name',
  'shoeSize',
  'manager',
  'title',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager',
  'urn:acme:2.0:User:tags',
  'urn:acme:2.0:User:desk',
  'urn:nobody:2.0:User:nothing',
];
const PARTS = ['value', 'type', 'primary', 'display', 'givenName', 'Floor', 'value.x', '$ref'];

/** Filters over some paths, nested to any mixture of and, or, not and value paths. */
function filterOver(paths: string[], valued: string[]): fc.Arbitrary<string> {
  const joined = (part: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc
      .tuple(fc.array(part, { minLength: 2, maxLength: 3 }), fc.constantFrom(' and ', ' or ', ' AND ', ' Or '))
      .map(([parts, joint]) => parts.join(joint));
  const nested = (leaf: fc.Arbitrary<string>, depthIdentifier: fc.DepthIdentifier): fc.Arbitrary<string> =>
    fc.letrec<{ filter: string }>((tie) => ({
      filter: fc.oneof(
        { maxDepth: 3, depthIdentifier },
        { weight: 3, arbitrary: leaf },
        { weight: 2, arbitrary: joined(tie('filter')) },
        { weight: 1, arbitrary: tie('filter').map((one) => `not (${one})`) },
        { weight: 1, arbitrary: tie('filter').map((one) => `(${one})`) },
      ),
    })).filter;
  const inner = nested(comparison(PARTS), fc.createDepthIdentifier());
  const valuePath = fc.tuple(fc.constantFrom(...valued), inner).map(([path, filter]) => `${path}[${filter}]`);
  const leaf = fc.oneof(
    { weight: 4, arbitrary: comparison(paths) },
    { weight: 1, arbitrary: timeComparison },
    { weight: 2, arbitrary: valuePath },
  );
  return nested(leaf, fc.createDepthIdentifier());
}
const userFilter = filterOver(PATHS, VALUED);

const GROUP_PATHS = [
  'id',
  'displayName',
  'externalId',
  'members',
  'members.value',
  'members.type',
  'members.display',
  'members.$ref',
  'meta.version',
  'meta.location',
  'schemas',
  'color',
  'urn:acme:2.0:Group:Rank',
];
const groupFilter = filterOver(GROUP_PATHS, ['members', 'color', 'urn:acme:2.0:Group:Rank']);

let database: TestDatabase;
let pool: Pool;
let caller: ScimCaller;
let users: ScimResource[];
let groups: ScimResource[];

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  pool = createPool({ url: database.appUrl, onError: () => undefined });
  caller = await buildDirectory(database.adminUrl);
  const ids: string[] = [];
  for (const body of fc.sample(user, { numRuns: 60, seed: 42 })) {
    const id = newId();
    const { resource, columns } = changeUser(null, readResource(body, userResourceType).resource)!;
    const { outcome } = await insertUser(callAs(caller, pool), id, { resource: JSON.stringify(resource), columns });
    if (outcome === 'ok') ids.push(id);
  }
  for (const [index, name] of ['a', 'AB', 'Ábc', 'empty'].entries()) {
    const extra = index % 2 === 0 ? { color: ['a', { value: 'AB' }] } : { 'urn:acme:2.0:Group': { rank: index } };
    const { resource } = readResource({ displayName: name, externalId: name, ...extra }, groupResourceType);
    const values = name === 'empty' ? [] : ids.filter((_, n) => n % (index + 2) === 0);
    const { columns } = changeGroup(null, resource)!;
    const record = { resource: JSON.stringify(resource), columns };
    await insertGroup(callAs(caller, pool), newId(), record, { values, withReferences: false });
  }
  await spreadTimes();
  const page = { after: '', offset: 0, limit: 500, withReferences: true };
  users = (await loadUsers(callAs(caller, pool), page)).resources.map((stored) => render(stored, userResourceType));
  groups = (await loadGroups(callAs(caller, pool), page)).resources.map((stored) => render(stored, groupResourceType));
  expect(users.length).toBeGreaterThan(50);
  expect(groups).toHaveLength(4);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Gives every resource times of its own, on the hour; none was made or changed when its neighbour was. */
async function spreadTimes(): Promise<void> {
  const admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  for (const table of ['directory_users', 'directory_groups']) {
    await admin.query(
      `UPDATE ${table} r SET created = $1::timestamptz + n * interval '1 hour', last_modified = $1::timestamptz + (n * 7 % 13) * interval '1 hour'
       FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM ${table}) o WHERE o.id = r.id`,
      [hour(0)],
    );
  }
  await admin.end();
}

/** The resource as an answer shows it, but for its location, which is relative here as in SQL. */
function render(stored: StoredResource, { name, endpoint }: ResourceType): ScimResource {
  const resource = JSON.parse(stored.resource) as ScimResource;
  return {
    ...resource,
    id: stored.id,
    meta: {
      resourceType: name,
      created: stored.created.toISOString(),
      lastModified: stored.lastModified.toISOString(),
      location: `${endpoint}/${stored.id}`,
      version: `W/"${stored.version}"`,
    },
    ...(stored.references ? { [name === 'User' ? 'groups' : 'members']: referTo(stored.references) } : {}),
  };
}

function referTo(references: string): { $ref: string; value: string; type?: string }[] {
  const values = JSON.parse(references) as { value: string; type?: string }[];
  return values.map((value) => ({ ...value, $ref: `/${value.type ?? 'Group'}s/${value.value}` }));
}

const idsOf = (resources: readonly ScimResource[]): string[] => resources.map(({ id }) => id as string);

async function search(table: ResourceTable, resolved: ResolvedFilter): Promise<string[]> {
  const found = await searchResources(callAs(caller, pool), table, {
    filter: resolved,
    offset: 0,
    limit: 500,
    withReferences: false,
  });
  expect(found.total).toBe(found.resources.length);
  return found.resources.map(({ id }) => id);
}

/** Undefined for a filter that is refused: what SQL would do with it does not matter. */
function resolve(filterText: string, type: ResourceType): ResolvedFilter | undefined {
  try {
    return resolveFilter(parseFilter(filterText), type);
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

describe('a filter decides the same in SQL and in memory', () => {
  it.each([
    ['users', userFilter, () => users, userTable, userResourceType, 800],
    ['groups', groupFilter, () => groups, groupTable, groupResourceType, 400],
  ] as const)('for random filters of %s', async (_noun, filters, resources, table, type, numRuns) => {
    let matched = 0;
    await fc.assert(
      fc.asyncProperty(filters, async (filterText) => {
        const resolved = resolve(filterText, type);
        fc.pre(resolved !== undefined);
        const expected = idsOf(resources().filter((resource) => matchesFilter(resolved, resource)));
        if (expected.length > 0 && expected.length < resources().length) matched++;
        expect(await search(table, resolved), filterText).toEqual(expected);
      }),
      { numRuns },
    );
    // Filters that find all or nothing would prove little.
    expect(matched).toBeGreaterThan(numRuns / 10);
  });

  it('for references to users and groups', async () => {
    const userId = idsOf(users)[0]!;
    const groupId = idsOf(groups)[0]!;
    const cases: [ResourceTable, ResourceType, ScimResource[], string[]][] = [
      [
        userTable,
        userResourceType,
        users,
        [
          `groups eq "${groupId}"`,
          `groups.value ne "${groupId}"`,
          `groups[value eq "${groupId}" and display eq "A"]`,
          `not (groups.value eq "${groupId}")`,
          `id eq "${userId}"`,
          `id ne "${userId}"`,
          `id gt "${userId}"`,
          `not (id eq "${userId}") and active eq true`,
          `groups[$ref ew "/Groups/${groupId}"]`,
          `not (groups.$ref co "${groupId}")`,
          'groups pr',
          'not (groups pr)',
        ],
      ],
      [
        groupTable,
        groupResourceType,
        groups,
        [
          `members eq "${userId}"`,
          `members[value eq "${userId}"]`,
          `members[value eq "${userId}" and type eq "user"]`,
          `members.value ne "${userId}"`,
          `id eq "${groupId}" and members eq "${userId}"`,
          `members[$ref co "${userId}"]`,
          `members.$ref eq "/Users/${userId}"`,
          `members[value eq "${userId}" and $ref sw "/Users"]`,
          'members[$ref pr]',
          'members pr',
          'not (members pr)',
          'displayName sw "a"',
          'displayName ge "ab"',
          'externalId eq "AB"',
          'externalId eq "ab"',
          `meta.location ew "${groupId}"`,
        ],
      ],
    ];
    for (const [table, type, resources, filters] of cases) {
      for (const filterText of filters) {
        const resolved = resolve(filterText, type)!;
        const expected = idsOf(resources.filter((resource) => matchesFilter(resolved, resource)));
        expect(await search(table, resolved), filterText).toEqual(expected);
      }
    }
  });
});

describe('a sort orders the same in SQL and in memory', () => {
  const sorts = PATHS.filter((path) => resolveSort(path) !== undefined).flatMap((sortBy): Sort[] => [
    { sortBy, descending: false },
    { sortBy, descending: true },
  ]);

  it.each(sorts)('by $sortBy (descending: $descending)', async (sort) => {
    const path = resolveSort(sort.sortBy)!;
    const found = await searchResources(callAs(caller, pool), userTable, {
      sort: { path, descending: sort.descending },
      offset: 0,
      limit: 500,
      withReferences: false,
    });
    const expected = idsOf(users.toSorted((a, b) => compareResources(a, b, sort, userResourceType)));
    expect(found.resources.map(({ id }) => id)).toEqual(expected);
  });
});

describe('a filter, a sort and a page together', () => {
  it.each([
    ['users', userFilter, PATHS, () => users, userTable, userResourceType],
    ['groups', groupFilter, GROUP_PATHS, () => groups, groupTable, groupResourceType],
  ] as const)('give the same %s in SQL and in memory', async (_noun, filters, paths, resources, table, type) => {
    const page = fc.record({ offset: fc.integer({ min: 0, max: 70 }), limit: fc.integer({ min: 0, max: 20 }) });
    const sort = fc.record({ sortBy: fc.constantFrom(...paths), descending: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(filters, sort, page, async (filterText, sort, { offset, limit }) => {
        const resolved = resolve(filterText, type);
        const path = resolveSort(sort.sortBy, type);
        fc.pre(resolved !== undefined && path !== undefined);
        const matching = resources().filter((resource) => matchesFilter(resolved, resource));
        const expected = matching.toSorted((a, b) => compareResources(a, b, sort, type)).slice(offset, offset + limit);
        const found = await searchResources(callAs(caller, pool), table, {
          filter: resolved,
          sort: { path, descending: sort.descending },
          offset,
          limit,
          withReferences: false,
        });
        expect(found.total).toBe(matching.length);
        expect(found.resources.map(({ id }) => id)).toEqual(idsOf(expected));
      }),
      { numRuns: 150 },
    );
  });
});

function resolveSort(sortBy: string, type = userResourceType): ReturnType<typeof resolveSortPath> | undefined {
  try {
    return resolveSortPath({ sortBy, descending: false }, type);
  } catch {
    return undefined;
  }
}

describe('a page', () => {
  it('is cut from the whole result, whose size is told on every page, also beyond the end', async () => {
    const resolved = resolve('userName pr', userResourceType)!;
    const all = await search(userTable, resolved);
    for (const [offset, limit] of [
      [0, 10],
      [10, 10],
      [55, 10],
      [1_000, 10],
      [0, 0],
    ] as const) {
      const page = await searchResources(callAs(caller, pool), userTable, {
        filter: resolved,
        offset,
        limit,
        withReferences: true,
      });
      expect(page.total).toBe(users.length);
      expect(page.resources.map(({ id }) => id)).toEqual(all.slice(offset, offset + limit));
    }
  });

  it('lists users in id order behind an id without counting them', async () => {
    const ids = idsOf(users);
    const page = await loadUsers(callAs(caller, pool), { after: ids[9]!, offset: 5, limit: 3, withReferences: false });
    expect(page.total).toBe(ids.length);
    expect(page.resources.map(({ id }) => id)).toEqual(ids.slice(15, 18));
  });
});

it('shows nothing to a caller whose token is not known, nor to one of another directory', async () => {
  const resolved = resolve('userName pr', userResourceType)!;
  const page = { filter: resolved, offset: 0, limit: 10, withReferences: false };
  const stranger = { ...caller, secretId: newId() };
  await expect(searchResources(callAs(stranger, pool), userTable, page)).rejects.toThrow(new NotAdmitted('unknown'));
  const other = await buildDirectory(database.adminUrl);
  expect(await searchResources(callAs(other, pool), userTable, page)).toEqual({
    total: 0,
    resources: [],
    isCut: false,
  });
  expect((await pool.query('SELECT id FROM directory_users')).rows).toEqual([]);
});
