import { Client } from 'pg';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeUser } from '@rollcall/directory';
import { newId } from '@rollcall/platform';
import { readResource, resolveSortPath, userResourceType } from '@rollcall/scim';
import { buildDirectory } from '@rollcall/test-builders';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createPool, migrateDatabase } from '@rollcall/database';
import { callAs } from './call-as.test-support';
import type { ScimCaller } from './caller';
import type { PlaceKey, SearchPlace } from './place-to-sql';
import { userTable } from './resource-table';
import { searchResources } from './search-resources';
import type { StoredResource } from './stored-resource';
import { insertUser } from './user-store';

/** What users of whom no two need be alike have of some attributes; several of the same, and some without. */
const SIZES = [
  0.1,
  1e22,
  -5,
  7,
  7,
  1e-7,
  2 ** 53,
  true,
  false,
  'a',
  'B',
  'b',
  '',
  ['z'],
  { value: 'x' },
  'İ',
  '\u{1f600}',
];
const USERS: Record<string, unknown>[] = Array.from({ length: 40 }, (_, n) => ({
  ...(n % 2 ? { shoeSize: SIZES[n % SIZES.length] } : {}),
  ...(n % 3 ? { title: ['a', 'B', 'b', 'é', '\uffee', '\u0001"\\'][n % 6] } : {}),
  ...(n % 5 ? { externalId: ['x', 'X', 'y'][n % 3] } : {}),
  ...(n % 4 ? { emails: [{ value: `${n % 7}@example.com`, primary: n % 2 === 0 }] } : {}),
  active: n % 3 !== 0,
}));

let database: TestDatabase;
let pool: Pool;
let caller: ScimCaller;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  pool = createPool({ url: database.appUrl, onError: () => undefined });
  caller = await buildDirectory(database.adminUrl);
  for (const [n, attributes] of USERS.entries()) {
    const { resource } = readResource({ userName: `user ${n}`, ...attributes }, userResourceType);
    const changed = changeUser(null, resource)!;
    const record = { resource: JSON.stringify(changed.resource), columns: changed.columns };
    await insertUser(callAs(caller, pool), newId(), record);
  }
  await setTimes();
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Times that differ by less than a JavaScript date can tell, and some that do not differ. */
async function setTimes(): Promise<void> {
  const admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(
    `UPDATE directory_users u SET created = timestamptz '2026-03-28T22:30:00.250Z' + (n * 7 % 20) * interval '1 microsecond',
       version = n % 12 FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM directory_users) o WHERE o.id = u.id`,
  );
  await admin.end();
}

const placeOf = ({ id, sortKeys = [] }: StoredResource): SearchPlace => ({ id, keys: sortKeys });

describe('pages behind one another give each resource once, in the order of the whole', () => {
  const paths = ['id', 'userName', 'externalId', 'title', 'active', 'shoeSize', 'emails', 'emails.primary'];
  paths.push('meta.created', 'meta.version', 'meta.location', 'nothing.here');

  it.each(paths.flatMap((sortBy) => [false, true].map((descending) => ({ sortBy, descending }))))(
    'by $sortBy (descending: $descending)',
    async ({ sortBy, descending }) => {
      const path = resolveSortPath({ sortBy, descending }, userResourceType);
      const search = { sort: { path, descending }, offset: 0, withReferences: false };
      const whole = await searchResources(callAs(caller, pool), userTable, { ...search, limit: 500 });
      const seen: string[] = [];
      for (let behind: SearchPlace | null = null, isLast = false; !isLast;) {
        const page = await searchResources(callAs(caller, pool), userTable, { ...search, behind, limit: 3 });
        expect(page.total).toBe(USERS.length);
        seen.push(...page.resources.map(({ id }) => id));
        expect(seen.length).toBeLessThanOrEqual(USERS.length);
        isLast = page.resources.length < 3;
        const last = page.resources.at(-1);
        // As a cursor carries it.
        if (last) behind = JSON.parse(JSON.stringify(placeOf(last))) as SearchPlace;
      }
      expect(seen).toEqual(whole.resources.map(({ id }) => id));
    },
  );
});

describe('a place', () => {
  const find = (sortBy: string, keys: readonly PlaceKey[]) => {
    const sort = { path: resolveSortPath({ sortBy, descending: false }, userResourceType), descending: false };
    const behind = { id: '', keys };
    return searchResources(callAs(caller, pool), userTable, {
      sort,
      offset: 0,
      behind,
      limit: 1,
      withReferences: false,
    });
  };

  it.each([
    ['title', [7]],
    ['title', []],
    ['title', ['a', 'b']],
    ['title', ['x'.repeat(513)]],
    ['active', ['true']],
    ['emails.primary', [Infinity]],
    ['shoeSize', ['a']],
    ['meta.created', [0]],
    ['meta.created', ['yesterday']],
    ['meta.created', ['2026-03-28T22:30:00Z']],
    ['meta.created', ['0000-01-01T00:00:00.000000Z']],
    ['meta.created', ['2026-02-30T00:00:00.000000Z']],
    ['meta.created', ['2026-03-28T24:00:00.000001Z']],
    ['meta.created', ['2026-03-28T22:30:00.000000+23:59']],
  ])('by %s of %j is none of the search', async (sortBy, keys) => {
    await expect(find(sortBy, keys)).rejects.toMatchObject({ status: 400, scimType: 'invalidCursor' });
  });

  it('need not be that of a resource that is there', async () => {
    const { resources } = await find('meta.created', ['2026-03-28T22:30:00.250018Z']);
    expect(resources[0]?.sortKeys).toEqual(['2026-03-28T22:30:00.250018Z']);
    expect((await find('title', ['aa'])).resources[0]?.sortKeys).toEqual(['b']);
  });
});
