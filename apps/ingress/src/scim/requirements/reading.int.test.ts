import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import { patchBody, scimClient } from '../../testing/scim-client';
import type { Answer, ScimBody, ScimClient } from '../../testing/scim-client';
import { useScim } from '../../testing/use-scim';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const BADGE = 'urn:acme:params:scim:schemas:extension:badge:2.0:User';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

const suite = useScim();

/** A directory that nobody else writes to: six people, one of them without most attributes, and two groups. */
let client: ScimClient;
let people: Record<'ann' | 'bob' | 'cem' | 'dora' | 'Emil' | 'nil', ScimBody>;

const PEOPLE = {
  ann: {
    externalId: 'A1',
    active: true,
    title: 'Engineer',
    name: { givenName: 'Ann', familyName: 'Öz' },
    emails: [
      { value: 'zoe@home.example', type: 'home' },
      { value: 'ann@work.example', type: 'work', primary: true },
    ],
    [ENTERPRISE]: { department: 'Sales', employeeNumber: '7' },
    [BADGE]: { level: 3, colors: ['red', 'blue'] },
  },
  bob: {
    externalId: 'B1',
    active: false,
    title: 'engineer',
    name: { givenName: 'Bob', familyName: 'Ünal' },
    emails: [{ value: 'bob@work.example', type: 'work' }],
    [ENTERPRISE]: { department: 'Support', employeeNumber: '10' },
    [BADGE]: { level: 10 },
  },
  cem: { externalId: 'a1', title: 'Sales "lead" \\ EMEA', name: { givenName: 'Cem' }, emails: [] },
  dora: { title: 'Buchhalterin', displayName: 'Dora', emails: [{ value: 'dora@work.example', type: 'WORK' }] },
  Emil: { title: '', displayName: 'emil' },
  nil: {},
};

beforeAll(async () => {
  client = scimClient(await suite.seed());
  const made: [string, ScimBody][] = [];
  for (const [userName, attributes] of Object.entries(PEOPLE)) {
    made.push([userName, await suite.makeUser({ userName, ...attributes }, client)]);
    // Times are told in milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  people = Object.fromEntries(made) as typeof people;
  await client('POST', '/Groups', {
    displayName: 'Staff',
    members: [{ value: people.ann.id }, { value: people.bob.id }],
  });
  await client('POST', '/Groups', { displayName: 'Empty' });
});

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

describe('creating (RFC 7644 §3.3)', () => {
  it('47 answers 201 with Location, meta.location and the resource (RFC 7644 §3.3)', async () => {
    for (const [path, body] of [
      ['/Users', { userName: suite.unique('new') }],
      ['/Groups', { displayName: suite.unique('new') }],
    ] as const) {
      const { status, headers, json } = await suite.scim('POST', path, body);
      expect(status).toBe(201);
      expect(json).toMatchObject(body);
      expect(headers.get('location')).toBe(json.meta.location);
      expect((await suite.follow(json.meta.location)).json).toEqual(json);
    }
  });

  it('48 refuses a duplicate in any case with 409 uniqueness, and stores one of many at once (RFC 7644 §3.3)', async () => {
    for (const [path, name] of [
      ['/Users', 'userName'],
      ['/Groups', 'displayName'],
    ] as const) {
      const value = suite.unique('Same');
      const bodies = Array.from({ length: 8 }, (_, n) => ({ [name]: n % 2 ? value : value.toUpperCase() }));
      const answers = await Promise.all(bodies.map((body) => suite.scim('POST', path, body)));
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
        201,
        ...Array.from({ length: 7 }, () => 409),
      ]);
      expect(refusal(await suite.scim('POST', path, { [name]: value }))).toEqual([409, 'uniqueness']);
      expect(await suite.find(`${name} eq "${value}"`, path)).toHaveLength(1);
    }
  });

  it('49 ignores read-only attributes in a POST (RFC 7644 §3.3)', async () => {
    const userName = suite.unique('readonly');
    const { json } = await suite.scim('POST', '/Users', {
      userName,
      id: 'mine',
      meta: { version: '1' },
      groups: [{ value: 'x' }],
    });
    expect(Object.keys(json).toSorted()).toEqual(['active', 'id', 'meta', 'schemas', 'userName']);
    expect(json.id).not.toBe('mine');
  });

  it('50 takes meta.resourceType from the endpoint (RFC 7643 §3.1)', async () => {
    const body = { userName: suite.unique('t'), displayName: suite.unique('t'), meta: { resourceType: 'Robot' } };
    expect((await suite.scim('POST', '/Users', body)).json.meta.resourceType).toBe('User');
    expect((await suite.scim('POST', '/Groups', body)).json.meta.resourceType).toBe('Group');
  });

  it('51 refuses a body without a required attribute with 400 invalidValue (RFC 7644 §3.3, §3.12)', async () => {
    expect(refusal(await suite.scim('POST', '/Users', { displayName: 'x' }))).toEqual([400, 'invalidValue']);
    expect(refusal(await suite.scim('POST', '/Groups', { members: [] }))).toEqual([400, 'invalidValue']);
    expect(refusal(await suite.scim('POST', '/Groups', { displayName: 'x', members: [{ display: 'y' }] }))).toEqual([
      400,
      'invalidValue',
    ]);
  });

  it('52 refuses malformed JSON with 400 invalidSyntax (RFC 7644 §3.12)', async () => {
    for (const raw of ['{', '{"userName":}', 'userName=x', '[]', '"x"', '5', 'null', '', '{"userName":"x"} trailing']) {
      expect(refusal(await suite.scim('POST', '/Users', undefined, { raw }))).toEqual([400, 'invalidSyntax']);
    }
  });

  it('53 answers 404 with a SCIM error at an endpoint that does not exist (RFC 7644 §3.12)', async () => {
    for (const path of ['/Robots', '/Users/a/b', '/users', '/Robots/.search', '/']) {
      const { status, json } = await suite.scim('POST', path, { schemas: [SEARCH] });
      expect([path, status === 404 || status === 405, json.status]).toEqual([path, true, String(status)]);
    }
  });
});

describe('reading (RFC 7644 §3.4)', () => {
  it('54 answers 200 for a resource that exists and 404 for one that does not (RFC 7644 §3.4.1)', async () => {
    const group = await suite.makeGroup();
    expect((await suite.scim('GET', `/Groups/${group.id}`)).json).toEqual(group);
    for (const id of [newId(), 'nobody', group.id.toUpperCase(), '%00', 'x'.repeat(500)]) {
      expect((await suite.scim('GET', `/Users/${id}`)).status, id).toBe(404);
      expect((await suite.scim('GET', `/Groups/${id}`)).status, id).toBe(404);
    }
    expect((await suite.scim('GET', `/Users/${group.id}`)).status).toBe(404);
  });

  it('55 answers a search that finds nothing with 200 and a ListResponse of none (RFC 7644 §3.4.2)', async () => {
    for (const path of ['/Users', '/Groups']) {
      for (const filter of [`id eq "${newId()}"`, 'externalId eq "nobody"', 'displayName co "no such name"']) {
        const { status, json } = await client('GET', `${path}?filter=${encodeURIComponent(filter)}`);
        expect(status).toBe(200);
        expect(json).toMatchObject({ schemas: [LIST], totalResults: 0, itemsPerPage: 0 });
      }
    }
  });

  it('56 sends Resources also when it is empty (RFC 7644 §3.4.2)', async () => {
    expect((await list('filter=userName%20eq%20%22nobody%22')).Resources).toEqual([]);
    expect((await list('count=0')).Resources).toEqual([]);
    expect((await list('startIndex=1000')).Resources).toEqual([]);
  });

  it('57 refuses a search that is too much work with 400 tooMany (RFC 7644 §3.12)', async () => {
    const search = { schemas: [SEARCH], sortBy: 'meta.created', startIndex: 1_000_000 };
    expect(refusal(await client('POST', '/.search', search))).toEqual([400, 'tooMany']);
  });

  it('58 answers 501 to a query of the root by GET, which is optional; POST /.search does it (RFC 7644 §3.4.2.1)', async () => {
    expect((await client('GET', '?filter=id%20pr')).status).toBe(501);
    expect((await client('POST', '/.search', { schemas: [SEARCH] })).json.totalResults).toBe(ALL.length + 2);
  });

  it('59 answers 304 without a body to who has the current version (RFC 7644 §3.14)', async () => {
    const { id, meta } = people.ann;
    const answer = await client('GET', `/Users/${id}`, undefined, { headers: { 'if-none-match': meta.version } });
    expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([304, '', meta.version]);
  });
});

describe('filters (RFC 7644 §3.4.2.2)', () => {
  it('60 knows every operator, and, or, not, grouping and value paths (RFC 7644 §3.4.2.2)', async () => {
    const expected: [string, string[]][] = [
      ['userName eq "ann"', ['ann']],
      ['title ne "engineer"', ['cem', 'dora', 'Emil', 'nil']],
      ['emails.value co "work.ex"', ['ann', 'bob', 'dora']],
      ['userName sw "e"', ['Emil']],
      ['emails.value ew "@home.example"', ['ann']],
      ['displayName pr', ['dora', 'Emil']],
      ['userName gt "cem"', ['dora', 'Emil', 'nil']],
      ['userName ge "dora"', ['dora', 'Emil', 'nil']],
      ['userName lt "bob"', ['ann']],
      ['userName le "bob"', ['ann', 'bob']],
      ['title eq "Engineer" and active eq false', ['bob']],
      ['userName eq "ann" or userName eq "nil"', ['ann', 'nil']],
      ['not (emails pr)', ['cem', 'Emil', 'nil']],
      ['(userName eq "ann" or userName eq "bob") and (active eq true)', ['ann']],
      ['emails[type eq "home" and value co "zoe"]', ['ann']],
      ['emails[type eq "home" and value co "ann"]', []],
      ['emails[type eq "work"].value eq "bob@work.example"', ['bob']],
      [`groups.display eq "staff"`, ['ann', 'bob']],
    ];
    for (const [filter, found] of expected) expect(await names(filter), filter).toEqual(found);
  });

  it('61 binds not before and, and before or, and grouping before all (RFC 7644 §3.4.2.2)', async () => {
    expect(await names('userName eq "nil" or userName eq "ann" and active eq false')).toEqual(['nil']);
    expect(await names('(userName eq "nil" or userName eq "ann") and active eq true')).toEqual(['ann', 'nil']);
    expect(await names('not (userName eq "ann") and title eq "engineer"')).toEqual(['bob']);
    expect(await names('not (userName eq "ann" or title eq "engineer") and emails pr')).toEqual(['dora']);
    expect(await names('title eq "x" and title eq "x" or userName eq "bob" and title pr or userName eq "nil"')).toEqual(
      ['bob', 'nil'],
    );
  });

  it('62 takes operators and attribute names in any case (RFC 7644 §3.4.2.2)', async () => {
    expect(await names('USERNAME EQ "ann" OR NOT (Title PR) AND EMAILS[TYPE Eq "work"]')).toEqual(['ann']);
    expect(await names('  username   eq   "ann"  ')).toEqual(['ann']);
  });

  it('63 compares text as caseExact says (RFC 7644 §3.4.2.2)', async () => {
    expect(await names('title eq "ENGINEER"')).toEqual(['ann', 'bob']);
    expect(await names('externalId eq "a1"')).toEqual(['cem']);
    expect(await names('externalId sw "A"')).toEqual(['ann']);
    expect(await names('name.familyName eq "öz"')).toEqual(['ann']);
  });

  it('64 refuses to order booleans and binary values with invalidFilter (RFC 7644 §3.4.2.2)', async () => {
    for (const operator of ['gt', 'ge', 'lt', 'le']) {
      for (const filter of [
        `active ${operator} true`,
        `x509Certificates.value ${operator} "YQ=="`,
        `emails[primary ${operator} true]`,
      ]) {
        const answer = await client('GET', `/Users?filter=${encodeURIComponent(filter)}`);
        expect(refusal(answer), filter).toEqual([400, 'invalidFilter']);
      }
    }
  });

  it('65 compares times as times, whatever their zone (RFC 7644 §3.4.2.2)', async () => {
    const at = new Date(people.cem.meta.created);
    const elsewhere = new Date(at.getTime() + 5.5 * 3_600_000).toISOString().replace('Z', '+05:30');
    expect(await names(`meta.created eq "${elsewhere}"`)).toEqual(['cem']);
    expect(await names(`meta.created gt "${elsewhere}"`)).toEqual(['dora', 'Emil', 'nil']);
    expect(await names(`meta.lastModified le "${at.toISOString()}"`)).toEqual(['ann', 'bob', 'cem']);
    expect(await names(`meta.created lt "${at.toISOString().replace('.', '.').replace('Z', '000Z')}"`)).toEqual([
      'ann',
      'bob',
    ]);
  });

  it('66 takes attribute names qualified by their URN (RFC 7644 §3.4.2.2, §3.10)', async () => {
    expect(await names(`${USER}:userName eq "ann"`)).toEqual(['ann']);
    expect(await names(`${USER}:name.givenName eq "BOB"`)).toEqual(['bob']);
    expect(await names(`${ENTERPRISE.toUpperCase()}:Department eq "sales"`)).toEqual(['ann']);
    expect(await names(`${BADGE}:level gt 3`)).toEqual(['bob']);
    expect(await names(`${BADGE}:colors eq "BLUE"`)).toEqual(['ann']);
    expect(await names(`${USER}:emails[type eq "home"]`)).toEqual(['ann']);
  });

  it('67 compares a multi-valued attribute by its values and demands a sub-attribute of other complex ones (RFC 7644 §3.4.2.2)', async () => {
    expect(await names('emails co "zoe"')).toEqual(['ann']);
    expect(await names('emails eq "BOB@work.example"')).toEqual(['bob']);
    for (const filter of ['name eq "Ann"', 'meta gt "2020-01-01T00:00:00Z"', 'addresses eq "x"']) {
      expect(refusal(await client('GET', `/Users?filter=${encodeURIComponent(filter)}`)), filter).toEqual([
        400,
        'invalidFilter',
      ]);
    }
    expect(await names('name pr')).toEqual(['ann', 'bob', 'cem']);
  });

  it('68 refuses an invalid filter with invalidFilter and never lists instead (RFC 7644 §3.4.2.2, §3.12)', async () => {
    const invalid = [
      '',
      ' ',
      'userName',
      'userName eq',
      'userName eq ann',
      "userName eq 'ann'",
      'userName is "ann"',
      'eq "ann"',

      '(userName eq "ann"',
      'userName eq "ann")',
      'userName eq "ann" and',
      'userName eq "ann" xor title pr',
      'not title pr',

      'emails[type eq "work"',
      'emails[type eq "work"]]',
      'emails[]',
      'emails[emails[type eq "x"]]',
      'userName eq "\\x"',
      'userName co 5',
      'active eq "perhaps"',
      'title gt null',
      'name.givenName.x eq "a"',
      'userName pr "x"',
    ];
    for (const filter of invalid) {
      for (const path of ['/Users', '/Groups']) {
        const answer = await client('GET', `${path}?filter=${encodeURIComponent(filter)}`);
        if (path === '/Groups' && /^(active|name)/.test(filter)) continue;
        expect(refusal(answer), filter).toEqual([400, 'invalidFilter']);
      }
      const search = await client('POST', '/Users/.search', { schemas: [SEARCH], filter });
      expect(refusal(search), filter).toEqual([400, 'invalidFilter']);
    }
  });

  it('69 reads literals as JSON strings, with escapes and any character (RFC 7644 §3.4.2.2)', async () => {
    expect(await names('title eq "sales \\"LEAD\\" \\\\ emea"')).toEqual(['cem']);
    expect(await names('title co "\\u0022lead\\u0022"')).toEqual(['cem']);
    expect(await names('name.familyName eq "\\u00dcnal"')).toEqual(['bob']);
    expect(await names('name.familyName eq "ünal"')).toEqual(['bob']);
    expect(await names('displayName eq "🦊" or userName eq "ann"')).toEqual(['ann']);
  });

  it('70 counts what is empty as not present (RFC 7644 §3.4.2.2)', async () => {
    expect(await names('title pr')).toEqual(['ann', 'bob', 'cem', 'dora']);
    expect(await names('emails pr')).toEqual(['ann', 'bob', 'dora']);
    expect(await names('groups pr')).toEqual(['ann', 'bob']);
    expect(await names(`${ENTERPRISE} pr`)).toEqual(['ann', 'bob']);
    expect((await suite.find('members pr', '/Groups', client)).map(({ displayName }) => displayName)).toEqual([
      'Staff',
    ]);
  });

  it('71 compares with null as presence does (RFC 7643 §2.5, RFC 7644 §3.4.2.2)', async () => {
    expect(await names('title eq null')).toEqual(['Emil', 'nil']);
    expect(await names('title ne null')).toEqual(['ann', 'bob', 'cem', 'dora']);
    expect(await names('emails eq null')).toEqual(['cem', 'Emil', 'nil']);
  });

  it('72 bounds a filter’s length, depth and number of terms (RFC 7644 §7.7)', async () => {
    const term = 'title pr';
    for (const filter of [
      `title eq "${'x'.repeat(4_096)}"`,
      `${'('.repeat(40)}${term}${')'.repeat(40)}`,
      Array.from({ length: 101 }, () => term).join(' or '),
    ]) {
      expect(refusal(await client('POST', '/Users/.search', { schemas: [SEARCH], filter }))).toEqual([
        400,
        'invalidFilter',
      ]);
    }
    const filter = `${'('.repeat(20)}${term}${')'.repeat(20)} and ${Array.from({ length: 99 }, () => term).join(' or ')}`;
    expect((await client('POST', '/Users/.search', { schemas: [SEARCH], filter })).json.totalResults).toBe(4);
  });

  it('73 refuses to filter by what is never disclosed with 403 sensitive (RFC 7644 §3.4.2.2, §7.5.2)', async () => {
    for (const filter of [
      'password eq "x"',
      'password pr',
      `not (${USER}:password sw "a")`,
      'title pr and password ne "x"',
    ]) {
      expect(refusal(await client('GET', `/Users?filter=${encodeURIComponent(filter)}`))).toEqual([403, 'sensitive']);
    }
  });
});

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
    for (const path of ['/.search', '/Users/.search', '/Groups/.search']) {
      for (const body of [{}, [], { schemas: [LIST] }, { schemas: SEARCH }, undefined]) {
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
