import { describe, expect, it } from 'vitest';
import { defineResourceType, enterpriseUserSchema, readResource, userSchema } from '@rollcall/scim';
import type { ScimError } from '@rollcall/scim';
import { patchBody, scimClient } from '../../testing/scim-client';
import type { ScimBody } from '../../testing/scim-client';
import { useScim } from '../../testing/use-scim';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const BADGE = 'urn:acme:params:scim:schemas:extension:badge:2.0:User';

interface SchemaAttribute {
  name: string;
  type: string;
  multiValued: boolean;
  caseExact: boolean;
  mutability: string;
  returned: string;
  uniqueness: string;
  required: boolean;
  subAttributes?: SchemaAttribute[];
}

const suite = useScim();

async function schemaAttributes(): Promise<SchemaAttribute[]> {
  const { json } = await suite.scim('GET', '/Schemas');
  return json.Resources.flatMap(({ attributes }) => attributes as SchemaAttribute[]);
}

describe('resources and types (RFC 7643 §2, §3)', () => {
  it('1 answers JSON objects that name their schemas (RFC 7643 §2.1, §3)', async () => {
    const user = await suite.makeUser();
    const group = await suite.makeGroup();
    const places = [`/Users/${user.id}`, `/Groups/${group.id}`, '/Users', '/Groups', '/ServiceProviderConfig'];
    for (const path of [...places, '/Schemas', '/ResourceTypes', `/Schemas/${USER}`, '/Users/nobody', '/nowhere']) {
      const { text } = await suite.scim('GET', path);
      const { schemas } = JSON.parse(text) as { schemas: string[] };
      expect(schemas.length, path).toBeGreaterThan(0);
      expect(
        schemas.every((urn) => urn.startsWith('urn:')),
        path,
      ).toBe(true);
    }
  });

  it('2 takes attribute names in any case, in bodies, paths, filters and projections (RFC 7643 §2.1)', async () => {
    const userName = suite.unique('case');
    const { json } = await suite.scim('POST', '/Users', { USERNAME: userName, Name: { GIVENNAME: 'Ada' }, TITLE: 'x' });
    expect(json).toMatchObject({ userName, name: { givenName: 'Ada' }, title: 'x' });
    const patch = patchBody({ op: 'replace', path: 'NAME.familyname', value: 'Lovelace' });
    expect((await suite.scim('PATCH', `/Users/${json.id}`, patch)).json.name).toEqual({
      givenName: 'Ada',
      familyName: 'Lovelace',
    });
    expect(await suite.find(`UserNAME eq "${userName}"`)).toHaveLength(1);
    const projected = await suite.scim('GET', `/Users/${json.id}?attributes=USERname`);
    expect(Object.keys(projected.json).toSorted()).toEqual(['id', 'schemas', 'userName']);
  });

  it('3 publishes and takes as paths only names of the ATTRNAME form (RFC 7643 §2.1)', async () => {
    for (const { name, subAttributes = [] } of await schemaAttributes()) {
      expect(name).toMatch(/^[A-Za-z][\w$-]*$/);
      for (const part of subAttributes) expect(part.name).toMatch(/^(\$ref|[A-Za-z][\w$-]*)$/);
    }
    const { id } = await suite.makeUser();
    for (const path of ['1st', 'a b', 'a..b', 'a.b.c', 'é', '']) {
      const { status, json } = await suite.scim('PATCH', `/Users/${id}`, patchBody({ op: 'add', path, value: 'x' }));
      expect([path, status]).toEqual([path, 400]);
      if (path !== '') expect(json.scimType).toBe('invalidPath');
    }
  });

  it('4 writes whole numbers without quotes, fraction or exponent (RFC 7643 §2.3.4)', async () => {
    const list = (await suite.scim('GET', '/Users?count=1')).text;
    for (const name of ['totalResults', 'startIndex', 'itemsPerPage']) {
      expect(list).toMatch(new RegExp(`"${name}":\\d+[,}]`));
    }
    const config = (await suite.scim('GET', '/ServiceProviderConfig')).text;
    for (const name of ['maxOperations', 'maxPayloadSize', 'maxResults']) {
      expect(config).toMatch(new RegExp(`"${name}":\\d+[,}]`));
    }
  });

  it('5 writes and demands times as xsd:dateTime (RFC 7643 §2.3.5)', async () => {
    const { meta } = await suite.makeUser();
    for (const time of [meta.created, meta.lastModified]) {
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
    for (const time of ['yesterday', '2026-02-30T00:00:00Z', '2026-11-21', '2026-11-21 10:00:00Z']) {
      const filter = encodeURIComponent(`meta.created gt "${time}"`);
      const { status, json } = await suite.scim('GET', `/Users?filter=${filter}`);
      expect([status, json.scimType], time).toEqual([400, 'invalidFilter']);
    }
  });

  it('6 takes binary values in base64 only and gives them back as sent (RFC 7643 §2.3.6)', async () => {
    const value = Buffer.from('certificate').toString('base64');
    const user = await suite.makeUser({ x509Certificates: [{ value }] });
    expect(user.x509Certificates).toEqual([{ value }]);
    const refused = await suite.scim('POST', '/Users', { userName: 'x', x509Certificates: [{ value: 'no base64!' }] });
    expect([refused.status, refused.json.scimType]).toEqual([400, 'invalidValue']);
  });

  it('7 gives every reference as an absolute URI below the base URL that leads to its resource (RFC 7643 §2.3.7)', async () => {
    const user = await suite.makeUser();
    const group = await suite.makeGroup([user.id]);
    const { groups, meta } = (await suite.scim('GET', `/Users/${user.id}`)).json;
    expect((await suite.follow(group.members![0]!.$ref)).json.id).toBe(user.id);
    expect((await suite.follow(groups![0]!.$ref)).json.id).toBe(group.id);
    expect((await suite.follow(meta.location)).json.id).toBe(user.id);
    for (const path of ['/Schemas', '/ResourceTypes']) {
      for (const document of (await suite.scim('GET', path)).json.Resources) {
        expect((await suite.follow(document.meta.location)).json.id).toBe(document.id);
      }
    }
  });

  it('8 gives no meaning to the order of attributes (RFC 7643 §2.4)', async () => {
    const user = await suite.makeUser({ title: 't', nickName: 'n', name: { givenName: 'g', familyName: 'f' } });
    const { userName, title, nickName } = user;
    const reordered = { name: { familyName: 'f', givenName: 'g' }, nickName, title, userName };
    expect((await suite.scim('PUT', `/Users/${user.id}`, reordered)).json.meta).toEqual(user.meta);
  });

  it('9 has no complex attribute inside a complex one (RFC 7643 §2.3.8)', async () => {
    for (const { subAttributes = [] } of await schemaAttributes()) {
      expect(subAttributes.map(({ type }) => type)).not.toContain('complex');
    }
    const { id } = await suite.makeUser();
    const patch = patchBody({ op: 'add', path: 'name.givenName.first', value: 'x' });
    expect((await suite.scim('PATCH', `/Users/${id}`, patch)).json.scimType).toBe('invalidPath');
  });

  it('10 keeps at most one value primary, whatever is sent (RFC 7643 §2.4)', async () => {
    const isPrimary = ({ primary }: { primary?: boolean }): boolean => primary === true;
    const two = [
      { value: 'a@example.com', type: 'work', primary: true },
      { value: 'b@example.com', type: 'home', primary: true },
    ];
    const user = await suite.makeUser({ emails: two });
    expect((user.emails as { primary?: boolean }[]).filter(isPrimary)).toHaveLength(1);
    const third = patchBody({ op: 'add', path: 'emails', value: [{ value: 'c@example.com', primary: true }] });
    const { emails }: ScimBody = (await suite.scim('PATCH', `/Users/${user.id}`, third)).json;
    expect((emails as { primary?: boolean }[]).filter(isPrimary)).toEqual([{ value: 'c@example.com', primary: true }]);
  });

  it('11 keeps values as they were sent and folds them only to compare (RFC 7643 §2.4, canonicalization is a SHOULD)', async () => {
    const userName = `${suite.unique('Ada')}@Example.COM`;
    const user = await suite.makeUser({ userName, emails: [{ value: userName, type: 'Work' }] });
    expect(user).toMatchObject({ userName, emails: [{ value: userName, type: 'Work' }] });
    for (const filter of ['userName eq', 'emails.value eq']) {
      expect(await suite.find(`${filter} "${userName.toLowerCase()}"`)).toHaveLength(1);
    }
    expect(await suite.find(`emails[type eq "work" and value eq "${userName.toUpperCase()}"]`)).toHaveLength(1);
  });

  it('12 gives no combination of type and value twice (RFC 7643 §2.4)', async () => {
    const value = { type: 'work', value: 'dup@example.com' };
    const user = await suite.makeUser({ emails: [value, { ...value, value: 'DUP@example.com' }, { ...value }] });
    expect(user.emails).toHaveLength(1);
    const again = await suite.scim(
      'PATCH',
      `/Users/${user.id}`,
      patchBody({ op: 'add', path: 'emails', value: [value] }),
    );
    expect(again.json.emails).toEqual(user.emails);
    const put = await suite.scim('PUT', `/Users/${user.id}`, {
      userName: user.userName,
      roles: ['a', 'a', { value: 'b' }],
    });
    expect(put.json.roles).toEqual(['a', { value: 'b' }]);
  });

  it('13 treats null, an empty array and a missing attribute alike (RFC 7643 §2.5)', async () => {
    const user = await suite.makeUser({ title: null, emails: [], name: {}, addresses: [null] });
    expect(Object.keys(user).toSorted()).toEqual(['active', 'id', 'meta', 'schemas', 'userName']);
    for (const body of [{ title: null }, { emails: [] }, { name: { givenName: null } }, {}]) {
      const { json } = await suite.scim('PUT', `/Users/${user.id}`, { userName: user.userName, ...body });
      expect(json.meta).toEqual(user.meta);
    }
  });

  it('14 names in schemas what a resource holds, each once and each known to /Schemas (RFC 7643 §3)', async () => {
    const sent = [USER, USER, 'urn:scim:schemas:core:2.0', 'urn:nobody:knows:2.0:User'];
    expect((await suite.makeUser({ schemas: sent })).schemas).toEqual([USER]);
    const extended = await suite.makeUser({
      schemas: sent,
      [ENTERPRISE]: { department: 'x' },
      [BADGE]: { number: 7 },
    });
    expect(extended.schemas).toEqual([USER, ENTERPRISE, BADGE]);
    const known = (await suite.scim('GET', '/Schemas')).json.Resources.map(({ id }) => id);
    for (const urn of extended.schemas as string[]) expect(known).toContain(urn);
  });

  it('15 issues ids itself, once, case-exact, never the client’s and never “bulkId” (RFC 7643 §3.1)', async () => {
    const { userName } = await suite.makeUser();
    const [user] = await suite.find(`userName eq "${String(userName)}"`);
    const mine = await suite.makeUser({ id: user!.id });
    expect(mine.id).not.toBe(user!.id);
    expect(mine.id).toMatch(/^[0-9a-z]{26}$/);
    expect((await suite.scim('PUT', `/Users/${mine.id}`, { ...mine, id: 'other' })).json.id).toBe(mine.id);
    expect(await suite.find(`id eq "${mine.id}"`)).toHaveLength(1);
    expect(await suite.find(`id eq "${mine.id.toUpperCase()}"`)).toHaveLength(0);
    await suite.scim('DELETE', `/Users/${mine.id}`);
    const again = await suite.makeUser({ userName: mine.userName });
    expect(again.id).not.toBe(mine.id);
  });

  it('16 leaves externalId to the client, case-exact and of the tenant alone (RFC 7643 §3.1)', async () => {
    expect((await suite.makeUser()).externalId).toBeUndefined();
    const externalId = suite.unique('Ext');
    const user = await suite.makeUser({ externalId });
    expect((await suite.find(`externalId eq "${externalId}"`)).map(({ id }) => id)).toEqual([user.id]);
    expect(await suite.find(`externalId eq "${externalId.toLowerCase()}"`)).toEqual([]);
    const other = scimClient(await suite.seed());
    expect(await suite.find(`externalId eq "${externalId}"`, '/Users', other)).toEqual([]);
    await suite.makeUser({ externalId }, other);
    expect(await suite.find(`externalId eq "${externalId}"`)).toHaveLength(1);
  });

  it('17 writes meta itself: type, times, location and weak version; a client’s meta is ignored (RFC 7643 §3.1)', async () => {
    const meta = { created: '2000-01-01T00:00:00Z', version: 'W/"9"', resourceType: 'Robot', location: 'http://x' };
    const answer = await suite.scim('POST', '/Users', { userName: suite.unique('meta'), meta });
    const { id, meta: given } = answer.json;
    const location = `${suite.base}/Users/${id}`;
    expect(given).toEqual({
      resourceType: 'User',
      created: given.created,
      lastModified: given.created,
      location,
      version: 'W/"1"',
    });
    expect(new Date(given.created).getUTCFullYear()).toBeGreaterThan(2000);
    expect(answer.headers.get('location')).toBe(location);
    const read = await suite.scim('GET', `/Users/${id}`);
    expect(read.headers.get('content-location') ?? read.headers.get('location')).toBe(location);
    const put = await suite.scim('PUT', `/Users/${id}`, { ...answer.json, meta });
    expect(put.json.meta).toEqual(given);
  });

  it('18 holds an extension under its URN and lists it in schemas while it is there (RFC 7643 §3.3)', async () => {
    const user = await suite.makeUser({ [ENTERPRISE]: { department: 'Sales' } });
    expect(user).toMatchObject({ schemas: [USER, ENTERPRISE], [ENTERPRISE]: { department: 'Sales' } });
    const removed = await suite.scim('PATCH', `/Users/${user.id}`, patchBody({ op: 'remove', path: ENTERPRISE }));
    expect(removed.json.schemas).toEqual([USER]);
    expect(removed.json[ENTERPRISE]).toBeUndefined();
  });

  it('19 enforces a required extension; those served are optional and say so (RFC 7643 §6)', async () => {
    const type = defineResourceType({
      name: 'User',
      endpoint: '/Users',
      description: 'User',
      schema: userSchema,
      extensions: [{ schema: enterpriseUserSchema, required: true }],
    });
    expect(() => readResource({ userName: 'x' }, type)).toThrow(
      expect.objectContaining({ status: 400, scimType: 'invalidValue' } satisfies Partial<ScimError>),
    );
    expect(readResource({ userName: 'x', [ENTERPRISE]: { division: 'd' } }, type).resource.userName).toBe('x');
    const { schemaExtensions }: ScimBody = (await suite.scim('GET', '/ResourceTypes/User')).json;
    for (const extension of schemaExtensions as { required: boolean }[]) expect(extension.required).toBe(false);
    await suite.makeUser();
  });
});

describe('User and Group (RFC 7643 §4)', () => {
  it('20 demands a userName that is not empty and unique without regard to case (RFC 7643 §4.1.1)', async () => {
    for (const body of [{}, { userName: '' }, { userName: '  ' }, { userName: null }, { userName: [] }]) {
      const { status, json } = await suite.scim('POST', '/Users', body);
      expect([status, json.scimType]).toEqual([400, 'invalidValue']);
    }
    const { userName } = await suite.makeUser();
    const taken = await suite.scim('POST', '/Users', { userName: String(userName).toUpperCase() });
    expect([taken.status, taken.json.scimType]).toEqual([409, 'uniqueness']);
    const other = await suite.makeUser();
    const rename = patchBody({ op: 'replace', path: 'userName', value: String(userName).toLowerCase() });
    expect((await suite.scim('PATCH', `/Users/${other.id}`, rename)).status).toBe(409);
  });

  it('21 never returns, finds or stores a password (RFC 7643 §4.1.1, §9.2; nothing is kept that PRECIS could compare)', async () => {
    const password = suite.unique('hunter2-correct-horse');
    const answers = [await suite.scim('POST', '/Users?attributes=password', { userName: suite.unique('p'), password })];
    const { id } = answers[0]!.json;
    const path = `/Users/${id}`;
    answers.push(
      await suite.scim('PATCH', path, patchBody({ op: 'replace', path: 'password', value: password })),
      await suite.scim('PATCH', path, patchBody({ op: 'replace', value: { password, title: 'x' } })),
      await suite.scim('PUT', path, { userName: suite.unique('p'), password }),
      await suite.scim('GET', `${path}?attributes=password`),
      await suite.scim('GET', '/Users?attributes=password,userName'),
    );
    for (const { status, text } of answers) {
      expect(status).toBeLessThan(300);
      expect(text).not.toContain('hunter2');
      expect(text).not.toContain('password');
    }
    for (const table of ['directory_users', 'changes']) {
      const [row] = await suite.admin<{ found: string }>(
        `SELECT count(*) AS found FROM ${table} t WHERE t::text LIKE '%hunter2%'`,
      );
      expect(row).toEqual({ found: '0' });
    }
  });

  it('22 keeps an e-mail address as it was sent and finds it without regard to case (RFC 7643 §4.1.2)', async () => {
    const value = `"odd but valid"+${suite.unique('x')}@Example.com`;
    await suite.makeUser({ emails: [{ value, type: 'work' }] });
    const [found] = await suite.find(`emails.value eq ${JSON.stringify(value.toUpperCase())}`);
    expect(found?.emails).toEqual([{ value, type: 'work' }]);
  });

  it('23 keeps an ISO 3166 country as it was sent (RFC 7643 §4.1.2)', async () => {
    const addresses = [{ type: 'work', country: 'DE', locality: 'Köln' }];
    const { id } = await suite.makeUser({ addresses });
    expect((await suite.scim('GET', `/Users/${id}`)).json.addresses).toEqual(addresses);
    expect((await suite.find('addresses[country eq "de" and locality eq "KÖLN"]')).map((user) => user.id)).toContain(
      id,
    );
  });

  it('24 shows a user’s groups read-only; membership changes through the group alone (RFC 7643 §4.1.2)', async () => {
    const other = await suite.makeGroup();
    const user = await suite.makeUser({ groups: [{ value: other.id }] });
    const group = await suite.makeGroup([user.id]);
    const groups = [{ value: group.id, display: group.displayName, $ref: `${suite.base}/Groups/${group.id}` }];
    const read = (await suite.scim('GET', `/Users/${user.id}`)).json;
    expect(read.groups).toEqual(groups);
    const put = await suite.scim('PUT', `/Users/${user.id}`, {
      userName: user.userName,
      groups: [{ value: other.id }],
    });
    expect(put.json.groups).toEqual(groups);
    for (const operation of [
      { op: 'add', path: 'groups', value: [{ value: other.id }] },
      { op: 'remove', path: 'groups' },
      { op: 'replace', path: `groups[value eq "${group.id}"].value`, value: other.id },
    ]) {
      const { status, json } = await suite.scim('PATCH', `/Users/${user.id}`, patchBody(operation));
      expect([status, json.scimType]).toEqual([400, 'mutability']);
    }
  });

  it('25 demands a group’s displayName; members have value, $ref and type and cannot be rewritten in place (RFC 7643 §4.2)', async () => {
    const refused = await suite.scim('POST', '/Groups', { members: [] });
    expect([refused.status, refused.json.scimType]).toEqual([400, 'invalidValue']);
    const [a, b] = [await suite.makeUser(), await suite.makeUser()];
    const group = await suite.makeGroup([a.id]);
    expect(group.members).toEqual([
      { value: a.id, type: 'User', $ref: `${suite.base}/Users/${a.id}`, display: a.userName },
    ]);
    const rewrite = patchBody({ op: 'add', path: `members[value eq "${a.id}"].value`, value: b.id });
    const { status, json } = await suite.scim('PATCH', `/Groups/${group.id}`, rewrite);
    expect([status, json.scimType]).toEqual([400, 'mutability']);
    const outer = await suite.makeGroup([group.id]);
    expect(outer.members).toMatchObject([{ value: group.id, type: 'Group', $ref: `${suite.base}/Groups/${group.id}` }]);
  });

  it('26 keeps a manager by id and takes no displayName for a user it knows (RFC 7643 §4.3)', async () => {
    const boss = await suite.makeUser({ displayName: 'Boss' });
    const user = await suite.makeUser({ [ENTERPRISE]: { manager: { value: boss.id, displayName: 'Mallory' } } });
    expect(user[ENTERPRISE]).toMatchObject({ manager: { value: boss.id } });
    expect(JSON.stringify(user)).not.toContain('Mallory');
    const patch = patchBody({ op: 'replace', path: `${ENTERPRISE}:manager.displayName`, value: 'Mallory' });
    const { status, json } = await suite.scim('PATCH', `/Users/${user.id}`, patch);
    expect([status, json.scimType]).toEqual([400, 'mutability']);
    expect((await suite.find(`manager eq "${boss.id}"`)).map(({ id }) => id)).toEqual([user.id]);
  });
});

describe('attribute characteristics (RFC 7643 §7)', () => {
  it('27 compares as caseExact says and keeps the case in any case (RFC 7643 §7)', async () => {
    const [title, profileUrl] = [suite.unique('MiXed'), `https://Example.com/${suite.unique('Path')}`];
    const user = await suite.makeUser({ title, profileUrl });
    expect(user).toMatchObject({ title, profileUrl });
    expect(await suite.find(`title eq "${title.toUpperCase()}"`)).toHaveLength(1);
    expect(await suite.find(`profileUrl eq "${profileUrl.toLowerCase()}"`)).toHaveLength(0);
    expect(await suite.find(`profileUrl eq "${profileUrl}"`)).toHaveLength(1);
  });

  it('28 ignores read-only attributes in POST and PUT and refuses them as a PATCH path with mutability (RFC 7643 §7, RFC 7644 §3.5.2)', async () => {
    const readOnly = { id: 'x', meta: { created: 'never' }, groups: [{ value: 'x' }] };
    const user = await suite.makeUser(readOnly);
    const put = await suite.scim('PUT', `/Users/${user.id}`, { userName: user.userName, ...readOnly });
    expect(put.json).toEqual(user);
    for (const path of ['id', 'meta', 'meta.created', 'groups', 'groups.display']) {
      const { status, json } = await suite.scim(
        'PATCH',
        `/Users/${user.id}`,
        patchBody({ op: 'replace', path, value: 'x' }),
      );
      expect([path, status, json.scimType]).toEqual([path, 400, 'mutability']);
    }
  });

  it('29 lets an immutable value be set once and refuses another with mutability (RFC 7643 §7, RFC 7644 §3.5.1)', async () => {
    const [a, b] = [await suite.makeUser(), await suite.makeUser()];
    const group = await suite.makeGroup([a.id]);
    const path = `members[value eq "${a.id}"]`;
    const refused = await suite.scim(
      'PATCH',
      `/Groups/${group.id}`,
      patchBody({ op: 'add', path, value: { value: b.id } }),
    );
    expect([refused.status, refused.json.scimType]).toEqual([400, 'mutability']);
    const same = await suite.scim(
      'PATCH',
      `/Groups/${group.id}`,
      patchBody({ op: 'add', path, value: { value: a.id } }),
    );
    expect(same.status).toBe(204);
    expect((await suite.scim('GET', `/Groups/${group.id}`)).json.meta.version).toBe(group.meta.version);
  });

  it('30 returns nothing that is never returned, also when it is asked for (RFC 7643 §7)', async () => {
    const hidden = (await schemaAttributes()).filter(({ returned }) => returned === 'never').map(({ name }) => name);
    expect(hidden).toEqual(['password']);
    const { json } = await suite.scim('POST', '/Users?attributes=password,title', {
      userName: suite.unique('n'),
      password: 'secret',
      title: 't',
    });
    expect(Object.keys(json).toSorted()).toEqual(['id', 'schemas', 'title']);
  });

  it('31 honours “returned” with attributes and excludedAttributes (RFC 7643 §7, RFC 7644 §3.9)', async () => {
    const { id } = await suite.makeUser({ title: 't', nickName: 'n' });
    const keys = async (query: string): Promise<string[]> =>
      Object.keys((await suite.scim('GET', `/Users/${id}?${query}`)).json).toSorted();
    expect(await keys('attributes=title')).toEqual(['id', 'schemas', 'title']);
    expect(await keys('excludedAttributes=id,schemas,title,meta')).toEqual([
      'active',
      'id',
      'nickName',
      'schemas',
      'userName',
    ]);
  });

  it('32 refuses what must be unique on the server with 409 uniqueness (RFC 7643 §7, RFC 7644 §3.3)', async () => {
    const unique = (await schemaAttributes())
      .filter(({ uniqueness }) => uniqueness === 'server')
      .map(({ name }) => name);
    expect(unique.toSorted()).toEqual(['displayName', 'userName']);
    const [user, group] = [await suite.makeUser(), await suite.makeGroup()];
    for (const [path, body] of [
      ['/Users', { userName: user.userName }],
      ['/Groups', { displayName: group.displayName }],
    ] as const) {
      const { status, json } = await suite.scim('POST', path, body);
      expect([status, json.scimType]).toEqual([409, 'uniqueness']);
    }
  });
});
