import { describe, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
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
