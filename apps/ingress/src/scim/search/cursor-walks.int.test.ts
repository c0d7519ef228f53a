import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patchBody, scimClient } from '../../testing/scim-client';
import type { Answer, ScimBody, ScimClient } from '../../testing/scim-client';
import { useScim } from '../../testing/use-scim';

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

const suite = useScim();

type Query = Record<string, string>;
type Endpoint = '/Users' | '/Groups' | '/.search';

/** Sends a list or search and expects it to succeed. */
async function ask(client: ScimClient, endpoint: Endpoint, query: Query): Promise<ScimBody> {
  const { status, json, text } = await send(client, endpoint, query);
  expect(status, text).toBe(200);
  return json;
}

function send(client: ScimClient, endpoint: Endpoint, query: Query): Promise<Answer> {
  return endpoint === '/.search'
    ? client('POST', endpoint, { schemas: [SEARCH], ...query })
    : client('GET', `${endpoint}?${new URLSearchParams(query).toString()}`);
}

const idsOf = ({ Resources }: ScimBody): string[] => Resources.map(({ id }) => id);

/** Walks by cursor to the end, as a client does; `between` is called between two pages with all that was seen so far. */
async function walk(
  client: ScimClient,
  endpoint: Endpoint,
  query: Query,
  between: (seen: readonly string[]) => Promise<void> = async () => undefined,
): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | undefined = '';
  while (cursor !== undefined) {
    const { count: _, ...all } = query;
    const { totalResults } = await ask(client, endpoint, { ...all, count: '0' });
    const page: ScimBody = await ask(client, endpoint, { ...query, cursor });
    expect(page.totalResults).toBe(totalResults);
    expect(page.Resources.length).toBeLessThanOrEqual(Number(query.count));
    seen.push(...idsOf(page));
    expect(seen.length, 'a walk that does not end').toBeLessThan(500);
    cursor = page.nextCursor;
    if (cursor !== undefined) await between(seen);
  }
  return seen;
}

/** What a resource is made or replaced with, but for its name, which is its own. */
interface Making {
  endpoint: '/Users' | '/Groups';
  prefix: string;
  attributes: Record<string, unknown>;
}

async function make(client: ScimClient, { endpoint, prefix, attributes }: Making): Promise<ScimBody> {
  const { status, json, text } = await client('POST', endpoint, { ...attributes, ...nameOf(endpoint, prefix) });
  expect(status, text).toBe(201);
  return json;
}

function nameOf(endpoint: string, prefix: string): Record<string, string> {
  return { [endpoint === '/Users' ? 'userName' : 'displayName']: suite.unique(prefix) };
}

const word = fc.constantFrom('a', 'A', 'b', 'Ab', 'é', 'É', 'z', 'ß', '\u{1f600}', '\uffee', 'a b');
const shared = {
  externalId: fc.constantFrom('one', 'two'),
  'urn:acme:2.0:Thing': fc.record({ level: fc.oneof(fc.integer({ min: -2, max: 2 }), fc.constant(1.5), word) }),
};
const user: fc.Arbitrary<Making> = fc.record({
  endpoint: fc.constant('/Users' as const),
  prefix: word,
  attributes: fc.record(
    {
      ...shared,
      title: word,
      active: fc.boolean(),
      name: fc.record({ familyName: word }),
      emails: fc.array(
        fc.record({ value: word.map((name) => `${name}@example.com`), type: word, primary: fc.boolean() }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  ),
});
const group: fc.Arbitrary<Making> = fc.record({
  endpoint: fc.constant('/Groups' as const),
  prefix: word,
  attributes: fc.record({ ...shared, color: word }, { requiredKeys: [] }),
});

/** What happens between two pages. `at`: to which of the resources there are; `shown`: to the last that was shown. */
const happening = (making: fc.Arbitrary<Making>) =>
  fc.oneof(
    fc.record({ kind: fc.constant('create' as const), making }),
    fc.record({ kind: fc.constantFrom('delete' as const, 'touch' as const), at: fc.nat() }),
    fc.record({ kind: fc.constant('replace' as const), at: fc.nat(), making }),
    fc.record({ kind: fc.constant('delete shown' as const) }),
  );
type Happening = ReturnType<typeof happening> extends fc.Arbitrary<infer Value> ? Value : never;

/** The resources of one directory, and those among them that stayed as they were. */
interface World {
  client: ScimClient;
  endpoints: Map<string, Making['endpoint']>;
  untouched: Set<string>;
  unmoved: Set<string>;
}

async function happen(world: World, one: Happening, lastShown: string | undefined): Promise<void> {
  const { client, endpoints, untouched, unmoved } = world;
  if (one.kind === 'create') {
    endpoints.set((await make(client, one.making)).id, one.making.endpoint);
    return;
  }
  const ids = [...endpoints.keys()];
  const id = one.kind === 'delete shown' ? lastShown : ids[one.at % ids.length];
  const endpoint = endpoints.get(id ?? '');
  if (id === undefined || endpoint === undefined) return;
  untouched.delete(id);
  if (one.kind !== 'touch') unmoved.delete(id);
  const path = `${endpoint}/${id}`;
  if (one.kind === 'touch') {
    await client('PATCH', path, patchBody({ op: 'replace', path: 'nickName', value: suite.unique('nick') }));
  } else if (one.kind === 'replace') {
    const { attributes, prefix } = one.making;
    expect((await client('PUT', path, { ...attributes, ...nameOf(endpoint, prefix) })).status).toBeLessThan(300);
  } else {
    endpoints.delete(id);
    expect((await client('DELETE', path)).status).toBe(204);
  }
}

const walks: [Endpoint, fc.Arbitrary<Making>, { sorts: string[]; filters: string[] }][] = [
  [
    '/Users',
    user,
    {
      sorts: [
        'userName',
        'name.familyName',
        'meta.lastModified',
        'title',
        'emails',
        'active',
        'urn:acme:2.0:Thing:level',
      ],
      filters: ['active eq true', 'externalId eq "one"', 'emails.value eq "a@example.com"', 'not (title eq "a")'],
    },
  ],
  [
    '/Groups',
    group,
    {
      sorts: ['displayName', 'externalId', 'meta.lastModified', 'color', 'urn:acme:2.0:Thing:level'],
      filters: ['externalId eq "one"', 'color pr', 'not (displayName sw "a")'],
    },
  ],
  [
    '/.search',
    fc.oneof(user, group),
    {
      sorts: ['userName', 'displayName', 'externalId', 'meta.lastModified', 'urn:acme:2.0:Thing:level'],
      filters: ['externalId eq "one"', 'active eq true or color pr', 'meta.created pr'],
    },
  ],
];

describe('whatever is created, changed and deleted between pages, who matches all along comes exactly once and in order', () => {
  it.each(walks)('in %s by cursor', async (endpoint, making, { sorts, filters }) => {
    const query = fc.record(
      {
        count: fc.integer({ min: 1, max: 4 }).map(String),
        sortBy: fc.constantFrom(...sorts),
        sortOrder: fc.constantFrom('ascending', 'descending'),
        filter: fc.constantFrom(...filters),
      },
      { requiredKeys: ['count'] },
    ) as fc.Arbitrary<Query>;
    const makings = fc.array(making, { minLength: 4, maxLength: 14 });
    const happenings = fc.array(fc.array(happening(making), { maxLength: 3 }), { minLength: 3, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(makings, query, happenings, async (makings, query, happenings) => {
        const client = scimClient(await suite.seed());
        const endpoints: World['endpoints'] = new Map();
        for (const making of makings) endpoints.set((await make(client, making)).id, making.endpoint);
        const world = { client, endpoints, untouched: new Set(endpoints.keys()), unmoved: new Set(endpoints.keys()) };
        const whole = { ...query, count: '500' };
        const before = idsOf(await ask(client, endpoint, whole));
        const rest = happenings.values();
        const seen = await walk(client, endpoint, query, async (seen) => {
          for (const one of rest.next().value ?? []) await happen(world, one, seen.at(-1));
        });
        const settled = query.sortBy === 'meta.lastModified' ? world.untouched : world.unmoved;
        expect(seen.filter((id) => settled.has(id))).toEqual(before.filter((id) => settled.has(id)));
      }),
      { numRuns: 8 },
    );
  });
});

describe('a walk by cursor', () => {
  const queries: [Endpoint, Query][] = [
    ['/Users', { filter: 'title pr' }],
    ['/Users', { filter: 'externalId eq "shared"' }],
    ['/Users', { sortBy: 'userName' }],
    ['/Users', { filter: 'title pr', sortBy: 'title', sortOrder: 'descending' }],
    ['/Groups', { filter: 'externalId eq "shared"' }],
    ['/Groups', { sortBy: 'meta.created', sortOrder: 'descending' }],
    ['/.search', {}],
    ['/.search', { filter: 'externalId eq "shared"' }],
    ['/.search', { sortBy: 'externalId' }],
  ];

  it.each(queries)('in %s with %j skips none of ten when two that were shown are deleted', async (endpoint, query) => {
    const client = scimClient(await suite.seed());
    const path = endpoint === '/.search' ? '/Users' : endpoint;
    const attributes = { title: 'same', externalId: 'shared' };
    for (let n = 0; n < 10; n++) await make(client, { endpoint: path, prefix: 'Ten', attributes });
    const before = idsOf(await ask(client, endpoint, query));
    const seen = await walk(client, endpoint, { ...query, count: '4' }, async (seen) => {
      if (seen.length > 4) return;
      for (const id of [seen[0], seen.at(-1)]) await client('DELETE', `${path}/${id}`);
    });
    expect(seen).toEqual(before);
  });

  it('sorted by long texts stays exact when the last that was shown is gone, with cursors that stay short', async () => {
    const client = scimClient(await suite.seed());
    for (let n = 0; n < 9; n++) {
      const title = `${'\u{1f600}'.repeat(20_000)}${n % 2 ? n : ''}`;
      await make(client, { endpoint: '/Users', prefix: 'Long', attributes: { title } });
    }
    for (const sortOrder of ['ascending', 'descending']) {
      const query = { sortBy: 'title', sortOrder, count: '2' };
      const before = new Set(idsOf(await ask(client, '/Users', { attributes: 'id' })));
      const { nextCursor = '' } = await ask(client, '/Users', { ...query, cursor: '' });
      expect(nextCursor.length).toBeLessThan(2_000);
      const seen = await walk(client, '/Users', query, async (seen) => {
        if (seen.length === 2) await client('DELETE', `/Users/${seen.at(-1)}`);
      });
      expect([seen.length, new Set(seen)]).toEqual([before.size, before]);
    }
  });

  it('goes through all types together however far, also sorted', async () => {
    const client = scimClient(await suite.seed());
    const makings: Making[] = [];
    for (let n = 0; n < 7; n++) {
      const attributes = { externalId: `${n % 3}` };
      makings.push({ endpoint: '/Users', prefix: 'u', attributes }, { endpoint: '/Groups', prefix: 'g', attributes });
    }
    for (const making of makings) await make(client, making);
    const sorts: Query[] = [{}, { sortBy: 'externalId' }, { sortBy: 'meta.created', sortOrder: 'descending' }];
    for (const query of sorts) {
      const whole = idsOf(await ask(client, '/.search', { ...query, count: '500' }));
      for (const count of ['1', '3', '7', '14']) {
        expect(await walk(client, '/.search', { ...query, count }), JSON.stringify(query)).toEqual(whole);
      }
    }
  });
});

describe('a cursor that this program did not give for the query', () => {
  const contentOf = (cursor: string | undefined): Record<string, unknown> =>
    JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString()) as Record<string, unknown>;
  const textOf = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64url');
  const refusal = ({ status, json }: Answer): unknown[] => [status, json.scimType];

  const filterAndSort: [Endpoint, Query][] = [
    ['/Users', { filter: 'userName pr' }],
    ['/Groups', { sortBy: 'displayName' }],
    ['/.search', {}],
    ['/.search', { sortBy: 'meta.created' }],
  ];

  async function firstCursor(endpoint: Endpoint, query: Query): Promise<string | undefined> {
    for (let n = 0; n < 2; n++) {
      await suite.makeUser();
      await suite.makeGroup();
    }
    return (await ask(suite.scim, endpoint, { ...query, count: '1', cursor: '' })).nextCursor;
  }

  it.each(filterAndSort)('and that counts what came before it in %s with %j has expired', async (endpoint, query) => {
    const { query: scope } = contentOf(await firstCursor(endpoint, query));
    const counted = await send(suite.scim, endpoint, { ...query, cursor: textOf({ offset: 1, query: scope }) });
    expect(refusal(counted)).toEqual([400, 'expiredCursor']);
  });

  it('and names the last resource of a list without filter and sort is answered', async () => {
    const { query: scope } = contentOf(await firstCursor('/Users', {}));
    const [first, second] = idsOf(await ask(suite.scim, '/Users', {}));
    const page = await ask(suite.scim, '/Users', { count: '1', cursor: textOf({ after: first, query: scope }) });
    expect(idsOf(page)).toEqual([second]);
    expect(contentOf(page.nextCursor)).toEqual({ after: second, query: scope });
  });

  it('and has keys of another order, or what PostgreSQL would fail at, is invalid', async () => {
    const keys: unknown[] = [null, 1e300, -1, true, '', 'x', '\0', '\ud800', 'x'.repeat(100_000), {}, [], '24:00'];
    keys.push('0000-01-01T00:00:00.000000Z', '2026-02-30T00:00:00.000000Z', '2026-01-01T24:00:00.000001Z');
    for (const sortBy of ['userName', 'meta.created', 'active', 'nickName', 'shoeSize', 'meta.version', 'id']) {
      const { query: scope } = contentOf(await firstCursor('/Users', { sortBy }));
      for (const place of [
        ...keys.map((key) => ['', key]),
        ...keys.map((key) => [key, 'x']),
        ['', ...keys],
        [],
        'x',
        null,
      ]) {
        const behind = Array.isArray(place) ? [['/Users', ...place]] : place;
        const query = { sortBy, cursor: textOf({ behind, query: scope }) };
        const answer = await suite.scim('POST', '/Users/.search', { schemas: [SEARCH], ...query });
        if (answer.status !== 200) expect(refusal(answer), JSON.stringify(place)).toEqual([400, 'invalidCursor']);
      }
      const fromThree = ['', 0, 5, null];
      const query = { sortBy, cursor: textOf({ behind: [['/Users', ...fromThree]], query: scope }) };
      expect((await send(suite.scim, '/Users', query)).status).toBe(sortBy === 'shoeSize' ? 200 : 400);
    }
  });
});
