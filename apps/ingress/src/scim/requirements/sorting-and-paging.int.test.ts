import { describe, expect, it } from 'vitest';
import { patchBody, scimClient } from '../../testing/scim-client';
import type { Answer, ScimBody } from '../../testing/scim-client';
import { client, PEOPLE, people, usePeople } from '../../testing/use-people';
import { useScim } from '../../testing/use-scim';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const BADGE = 'urn:acme:params:scim:schemas:extension:badge:2.0:User';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

const suite = useScim();

usePeople(suite);

const names = async (filter: string): Promise<unknown[]> =>
  (await suite.find(filter, '/Users', client)).map(({ userName }) => userName);
const list = async (query: string): Promise<ScimBody> => {
  const { status, json, text } = await client('GET', `/Users?${query}`);
  expect(status, text).toBe(200);
  return json;
};
const listed = async (query: string): Promise<unknown[]> =>
  (await list(query)).Resources.map(({ userName }) => userName);
const refusal = ({ status, json }: Answer): unknown[] => [status, json.scimType];
const ALL = Object.keys(PEOPLE);

describe('sorting (RFC 7644 §3.4.2.3)', () => {
  it('74 sorts ascending unless told otherwise (RFC 7644 §3.4.2.3)', async () => {
    const sorted = ['ann', 'bob', 'cem', 'dora', 'Emil', 'nil'];
    expect(await listed('sortBy=userName')).toEqual(sorted);
    expect(await listed('sortBy=userName&sortOrder=ascending')).toEqual(sorted);
    expect(await listed('sortBy=userName&sortOrder=Descending')).toEqual(sorted.toReversed());
    expect(refusal(await client('GET', '/Users?sortBy=userName&sortOrder=sideways'))).toEqual([400, 'invalidValue']);
  });

  it('75 sorts by the attribute’s type, text without regard to case unless caseExact (RFC 7644 §3.4.2.3)', async () => {
    expect((await listed('sortBy=externalId')).slice(0, 3)).toEqual(['ann', 'bob', 'cem']);
    expect((await listed('sortBy=displayName')).slice(0, 2)).toEqual(['dora', 'Emil']);
    expect((await listed(`sortBy=${BADGE}:level`)).slice(0, 2)).toEqual(['ann', 'bob']);
    expect((await listed('sortBy=active')).at(0)).toBe('bob');
    expect(await listed('sortBy=meta.created&sortOrder=descending')).toEqual(ALL.toReversed());
  });

  it('76 puts who has no value last in ascending and first in descending order (RFC 7644 §3.4.2.3)', async () => {
    expect((await listed('sortBy=displayName')).slice(2)).toEqual(['ann', 'bob', 'cem', 'nil']);
    expect((await listed('sortBy=displayName&sortOrder=descending')).slice(-2)).toEqual(['Emil', 'dora']);
  });

  it('77 sorts several values by the primary one, else by the first (RFC 7644 §3.4.2.3)', async () => {
    expect((await listed('sortBy=emails.value')).slice(0, 3)).toEqual(['ann', 'bob', 'dora']);
    expect((await listed('sortBy=emails')).slice(0, 3)).toEqual(['ann', 'bob', 'dora']);
  });

  it('78 demands the sub-attribute of a complex attribute without value (RFC 7644 §3.4.2.3)', async () => {
    for (const sortBy of ['name', 'addresses', 'meta', USER, 'password', '1st']) {
      expect(refusal(await client('GET', `/Users?sortBy=${sortBy}`)), sortBy).toEqual([400, 'invalidValue']);
    }
    expect((await listed('sortBy=name.familyName')).slice(0, 2)).toEqual(['ann', 'bob']);
  });
});

describe('pages by index (RFC 7644 §3.4.2.4)', () => {
  it('79 counts from 1; a startIndex below 1 is 1 and told so (RFC 7644 §3.4.2.4)', async () => {
    for (const startIndex of ['1', '0', '-5']) {
      expect(await list(`startIndex=${startIndex}&count=2`)).toMatchObject({ startIndex: 1, itemsPerPage: 2 });
      expect(await listed(`startIndex=${startIndex}&count=2`)).toEqual(['ann', 'bob']);
    }
    expect(await listed('startIndex=2&count=2')).toEqual(['bob', 'cem']);
    expect(refusal(await client('GET', '/Users?startIndex=first'))).toEqual([400, 'invalidValue']);
  });

  it('80 never gives more than count (RFC 7644 §3.4.2.4)', async () => {
    for (const count of [1, 2, 5]) {
      for (const more of ['', '&filter=userName%20pr', '&sortBy=title', '&cursor=']) {
        const page = await list(`count=${count}${more}`);
        expect([page.Resources.length, page.itemsPerPage]).toEqual([count, count]);
      }
    }
  });

  it('81 takes a negative count as 0, which asks for the total alone (RFC 7644 §3.4.2.4)', async () => {
    for (const count of ['0', '-1', '-99999999999999999999']) {
      expect(await list(`count=${count}`)).toMatchObject({ totalResults: ALL.length, itemsPerPage: 0, Resources: [] });
    }
    expect(await list('count=0&filter=title%20pr')).toMatchObject({ totalResults: 4, Resources: [] });
  });

  it('82 tells startIndex and itemsPerPage on every page (RFC 7644 §3.4.2.4)', async () => {
    expect(await list('startIndex=5&count=4')).toMatchObject({ startIndex: 5, itemsPerPage: 2, totalResults: 6 });
    expect(await list('startIndex=50')).toMatchObject({ startIndex: 50, itemsPerPage: 0, totalResults: 6 });
  });

  it('83 tells the number of all matches and keeps the order from page to page (RFC 7644 §3.4.2.4)', async () => {
    for (const more of [
      '',
      '&filter=userName%20pr',
      '&sortBy=title',
      '&filter=active%20eq%20true&sortBy=displayName',
    ]) {
      const whole = await list(`count=100${more}`);
      const walked: unknown[] = [];
      for (let startIndex = 1; startIndex <= whole.totalResults; startIndex += 2) {
        const page = await list(`startIndex=${startIndex}&count=2${more}`);
        expect(page.totalResults).toBe(whole.totalResults);
        walked.push(...page.Resources.map(({ id }) => id));
      }
      expect(walked).toEqual(whole.Resources.map(({ id }) => id));
    }
  });

  it('84 may give fewer than count and says how many at most in filter.maxResults (RFC 7644 §3.4.2.4, RFC 7643 §5)', async () => {
    const { json } = await suite.scim('GET', '/ServiceProviderConfig');
    const { maxResults } = (json as ScimBody).filter as { maxResults: number };
    const crowded = await suite.seed();
    await suite.admin(
      `INSERT INTO directory_users (directory_id, id, user_name_key, active, created, last_modified, resource)
       SELECT $1, lpad(n::text, 26, '0'), n::text, true, now(), now(), jsonb_build_object('schemas', jsonb_build_array($2::text), 'userName', n::text)
       FROM generate_series(1, $3::int) AS n`,
      [crowded.directoryId, USER, maxResults + 1],
    );
    await suite.admin('UPDATE directory_counters SET total_users = $2 WHERE directory_id = $1', [
      crowded.directoryId,
      maxResults + 1,
    ]);
    for (const more of ['', '&filter=userName%20pr']) {
      const page = (await scimClient(crowded)('GET', `/Users?count=100000${more}`)).json;
      expect(page).toMatchObject({ totalResults: maxResults + 1, itemsPerPage: maxResults, startIndex: 1 });
    }
  });
});

describe('projection (RFC 7644 §3.9)', () => {
  it('85 honours attributes and excludedAttributes on every request that answers with resources (RFC 7644 §3.4.2.5, §3.9)', async () => {
    const keys = (body: ScimBody): string[] => Object.keys(body).toSorted();
    const only = ['id', 'schemas', 'title'];
    const patch = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'add', path: 'title', value: 'y' }],
    };
    const created = await suite.scim('POST', '/Users?attributes=title', { userName: suite.unique('p'), title: 'x' });
    const path = `/Users/${created.json.id}`;
    const put = { userName: suite.unique('p'), title: 'z' };
    expect(keys(created.json)).toEqual(only);
    expect(keys((await suite.scim('GET', `${path}?attributes=title`)).json)).toEqual(only);
    expect(keys((await suite.scim('PUT', `${path}?attributes=title`, put)).json)).toEqual(only);
    expect(keys((await suite.scim('PATCH', `${path}?attributes=title`, patch)).json)).toEqual(only);
    const search = { schemas: [SEARCH], filter: 'title pr', attributes: ['title'] };
    for (const found of [
      (await suite.scim('GET', '/Users?filter=title%20pr&attributes=title')).json,
      (await suite.scim('POST', '/Users/.search', search)).json,
      (await suite.scim('POST', '/.search', search)).json,
    ]) {
      for (const resource of found.Resources) expect(keys(resource)).toEqual(only);
    }
    const excluded = ['active', 'id', 'meta', 'schemas', 'userName'];
    expect(keys((await suite.scim('GET', `${path}?excludedAttributes=title`)).json)).toEqual(excluded);
    expect(keys((await suite.scim('PATCH', `${path}?excludedAttributes=title`, patch)).json)).toEqual(excluded);
    const group = await suite.scim('POST', '/Groups?excludedAttributes=members,meta', {
      displayName: suite.unique('p'),
      members: [{ value: created.json.id }],
    });
    expect(keys(group.json)).toEqual(['displayName', 'id', 'schemas']);
  });

  it('86 keeps id, schemas and what is always returned, whatever is asked (RFC 7644 §3.9, RFC 7643 §7)', async () => {
    for (const query of ['attributes=nothing', 'attributes=meta.version', 'excludedAttributes=id,schemas,userName']) {
      const { json } = await client('GET', `/Users/${people.ann.id}?${query}`);
      expect(json).toMatchObject({ id: people.ann.id, schemas: people.ann.schemas });
    }
  });

  it('87 takes qualified and dotted names and ignores unknown ones (RFC 7644 §3.9, §3.10)', async () => {
    const read = async (query: string): Promise<ScimBody> =>
      (await client('GET', `/Users/${people.ann.id}?${query}`)).json;
    const { id, schemas } = people.ann;
    expect(await read(`attributes=${USER}:name.givenName,emails.type,nothing,1st,a.b.c`)).toEqual({
      id,
      schemas,
      name: { givenName: 'Ann' },
      emails: [{ type: 'home' }, { type: 'work' }],
    });
    expect(await read(`attributes=${ENTERPRISE}:department`)).toEqual({
      id,
      schemas,
      [ENTERPRISE]: { department: 'Sales' },
    });
    expect(await read(`attributes=${BADGE}`)).toEqual({ id, schemas, [BADGE]: PEOPLE.ann[BADGE] });
    const less = await read(`excludedAttributes=${ENTERPRISE},${BADGE}:level,name.givenName,meta,groups`);
    expect(less[ENTERPRISE]).toBeUndefined();
    expect(less).toMatchObject({ [BADGE]: { colors: ['red', 'blue'] }, name: { familyName: 'Öz' } });
    expect(less.name).toEqual({ familyName: 'Öz' });
  });

  it('88 refuses attributes together with excludedAttributes (RFC 7644 §3.9)', async () => {
    const both = 'attributes=userName&excludedAttributes=title';
    expect(refusal(await client('GET', `/Users?${both}`))).toEqual([400, 'invalidValue']);
    expect(refusal(await client('GET', `/Users/${people.ann.id}?${both}`))).toEqual([400, 'invalidValue']);
    const userName = suite.unique('both');
    expect(refusal(await client('POST', `/Users?${both}`, { userName }))).toEqual([400, 'invalidValue']);
    const group = await suite.makeGroup();
    for (const [method, body] of [
      ['PUT', { displayName: 'both' }],
      ['PATCH', patchBody({ op: 'replace', path: 'displayName', value: 'both' })],
    ] as const) {
      const answer = await suite.scim(method, `/Groups/${group.id}?${both}`, body);
      expect(refusal(answer)).toEqual([400, 'invalidValue']);
    }
    expect((await suite.scim('GET', `/Groups/${group.id}`)).json).toEqual(group);
    expect(await names(`userName eq "${userName}"`)).toEqual([]);
  });
});

describe('searching by POST and by cursor (RFC 7644 §3.4.3, RFC 9865)', () => {
  it('89 searches by POST with a SearchRequest, per type and over all, and refuses any other body (RFC 7644 §3.4.3)', async () => {
    const search = {
      schemas: [SEARCH],
      filter: 'userName sw "a" or displayName eq "staff"',
      attributes: ['userName', 'displayName'],
    };
    const found = async (path: string): Promise<unknown[]> => {
      const { status, json } = await client('POST', path, search);
      expect([status, json.schemas]).toEqual([200, [LIST]]);
      return json.Resources.map(({ userName, displayName }) => userName ?? displayName);
    };
    expect(await found('/Users/.search')).toEqual(['ann']);
    expect(await found('/Groups/.search')).toEqual(['Staff']);
    expect(await found('/.search')).toEqual(['ann', 'Staff']);
    const { schemas: _, ...unnamed } = search;
    expect((await client('POST', '/.search', unnamed)).json).toEqual((await client('POST', '/.search', search)).json);
    for (const path of ['/.search', '/Users/.search', '/Groups/.search']) {
      for (const body of [[], { schemas: [LIST] }, { schemas: SEARCH }, undefined]) {
        expect(refusal(await client('POST', path, body))).toEqual([400, 'invalidSyntax']);
      }
      expect(refusal(await client('POST', path, { ...search, count: 'many' }))).toEqual([400, 'invalidValue']);
    }
  });

  it('122 pages by cursor to the end, opaque, bound to its query, with the errors of its own (RFC 9865 §2)', async () => {
    const { json } = await suite.scim('GET', '/ServiceProviderConfig');
    expect((json as ScimBody).pagination).toMatchObject({
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: 100,
      maxPageSize: 500,
    });
    const send = (path: string, query: Record<string, string | number>): Promise<Answer> =>
      path.endsWith('.search')
        ? client('POST', path, { schemas: [SEARCH], ...query })
        : client('GET', `${path}?${new URLSearchParams(query as Record<string, string>).toString()}`);
    const expected: [string, Record<string, string>, number][] = [
      ['/Users', {}, 6],
      ['/Users', { filter: 'active eq true' }, 5],
      ['/Users', { sortBy: 'title', sortOrder: 'descending' }, 6],
      ['/Groups', {}, 2],
      ['/Users/.search', { filter: 'userName pr' }, 6],
      ['/.search', {}, 8],
      ['/.search', { sortBy: 'meta.created' }, 8],
    ];
    for (const [path, query, total] of expected) {
      const walked: string[] = [];
      let cursor: string | undefined = '';
      for (let pages = 0; cursor !== undefined && pages < 10; pages++) {
        const page: ScimBody = (await send(path, { ...query, count: 2, cursor })).json;
        expect(page).toMatchObject({ totalResults: total, itemsPerPage: page.Resources.length });
        expect(page.previousCursor).toBeUndefined();
        if (page.nextCursor !== undefined) expect(page.nextCursor).toMatch(/^[\w-]+$/);
        walked.push(...page.Resources.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      const whole = (await send(path, { ...query, count: 100 })).json;
      expect(walked, path).toEqual(whole.Resources.map(({ id }) => id));
    }
    for (const count of [0, -1]) {
      const page = (await send('/Users', { cursor: '', count })).json;
      expect(page).toMatchObject({ totalResults: 6, Resources: [] });
      expect(page.nextCursor).toBeUndefined();
    }
    const { nextCursor } = (await send('/Users', { cursor: '', count: 2 })).json;
    for (const refused of [
      await send('/Users', { cursor: 'nonsense' }),
      await send('/Users', { cursor: nextCursor!, filter: 'title pr' }),
      await send('/Users', { cursor: nextCursor!, sortBy: 'title' }),
      await send('/Groups', { cursor: nextCursor! }),
      await send('/.search', { cursor: nextCursor! }),
      await send('/.search', { cursor: 'nonsense' }),
    ]) {
      expect(refusal(refused)).toEqual([400, 'invalidCursor']);
    }
    expect(refusal(await send('/Users', { cursor: '', count: 'many' }))).toEqual([400, 'invalidCount']);
  });
});
