import { beforeAll, describe, expect, it } from 'vitest';
import { scimClient } from '../../testing/scim-client';
import type { ScimBody, ScimClient } from '../../testing/scim-client';
import { useScim } from '../../testing/use-scim';

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
/** Of each type; together more than a page has room for. */
const COUNT = 13;
const NOTE = 'x'.repeat(250_000);

const suite = useScim();
let scim: ScimClient;

beforeAll(async () => {
  scim = scimClient(await suite.seed());
  for (let n = 0; n < COUNT; n++) {
    await suite.makeUser({ externalId: 'shared', note: NOTE }, scim);
    const group = await scim('POST', '/Groups', { displayName: `Group ${n}`, externalId: 'shared', note: NOTE });
    expect(group.status).toBe(201);
  }
});

/** Reads a list to its end as a client does, and tells what its pages had. */
async function readAll(read: (place: string) => Promise<ScimBody>, next: (page: ScimBody, seen: number) => string) {
  const seen: string[] = [];
  const pages: number[] = [];
  let total = Number.POSITIVE_INFINITY;
  for (let place = ''; seen.length < total;) {
    const page = await read(place);
    expect(page.Resources).toHaveLength(page.itemsPerPage);
    expect(page.Resources.length).toBeGreaterThan(0);
    pages.push(page.itemsPerPage);
    seen.push(...page.Resources.map(({ id }) => id));
    total = page.totalResults;
    place = next(page, seen.length);
  }
  return { seen: new Set(seen).size, total, pages: pages.length };
}

const ALL = { seen: COUNT, total: COUNT, pages: 2 };

describe('a list of large resources ends by its bytes, and who goes on sees all of it', () => {
  it.each(['/Users', '/Groups'])('%s by index, plain, filtered and sorted', async (endpoint) => {
    for (const query of ['', 'filter=externalId%20eq%20%22shared%22', 'filter=note%20pr', 'sortBy=displayName']) {
      const read = async (place: string) => (await scim('GET', `${endpoint}?count=500&${query}&${place}`)).json;
      expect(await readAll(read, (_page, seen) => `startIndex=${seen + 1}`), query).toEqual(ALL);
    }
  });

  it.each(['/Users', '/Groups'])('%s by cursor, plain, filtered and sorted', async (endpoint) => {
    for (const query of ['', 'filter=note%20pr', 'sortBy=displayName', 'filter=note%20pr&sortBy=meta.created']) {
      const read = async (place: string) =>
        (await scim('GET', `${endpoint}?count=500&${query}&${place || 'cursor'}`)).json;
      const next = ({ nextCursor = '' }: ScimBody) => `cursor=${encodeURIComponent(nextCursor)}`;
      expect(await readAll(read, next), query).toEqual(ALL);
    }
  });

  it('all types together by cursor, in every order, the types one after the other where they are not told apart', async () => {
    for (const query of [{}, { filter: 'note pr' }, { sortBy: 'meta.created' }, { sortBy: 'externalId' }]) {
      const types: string[] = [];
      const read = async (cursor: string) => {
        const { json } = await scim('POST', '/.search', { schemas: [SEARCH], count: 500, ...query, cursor });
        types.push(...json.Resources.map(({ meta }) => meta.resourceType));
        return json;
      };
      const { seen, total } = await readAll(read, ({ nextCursor = '' }) => nextCursor);
      expect([seen, total], JSON.stringify(query)).toEqual([2 * COUNT, 2 * COUNT]);
      const interleaved = 'sortBy' in query && query.sortBy === 'meta.created';
      expect(types.lastIndexOf('User') < types.indexOf('Group'), JSON.stringify(query)).toBe(!interleaved);
    }
  });

  it('all types together by index, in every order', async () => {
    for (const query of [{}, { sortBy: 'meta.created' }, { sortBy: 'externalId', sortOrder: 'descending' }]) {
      const search = { schemas: [SEARCH], count: 500, ...query };
      const read = async (place: string) =>
        (await scim('POST', '/.search', { ...search, startIndex: Number(place || 1) })).json;
      const { seen, total } = await readAll(read, (_page, count) => String(count + 1));
      expect([seen, total], JSON.stringify(query)).toEqual([2 * COUNT, 2 * COUNT]);
    }
    const sorted = await scim('POST', '/.search', { schemas: [SEARCH], count: 500, sortBy: 'meta.created' });
    const times = sorted.json.Resources.map(({ meta }) => meta.created);
    expect(times).toEqual(times.toSorted());
  });
});
