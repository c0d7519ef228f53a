import { beforeAll, describe, expect, it } from 'vitest';
import type { ScimBody } from '../testing/scim-client';
import { useScim } from '../testing/use-scim';

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

const suite = useScim();

let user: ScimBody;
let group: ScimBody;
let outer: ScimBody;

beforeAll(async () => {
  user = await suite.makeUser();
  group = await suite.makeGroup([user.id, (await suite.makeUser()).id]);
  outer = await suite.makeGroup([group.id]);
  await suite.makeGroup();
});

const found = async (filter: string, endpoint: string): Promise<string[]> =>
  (await suite.find(filter, endpoint)).map(({ id }) => id);

/** Filters on what answers show as URLs, each with the one resource that it finds. */
const cases: [string, string, (url: string) => string][] = [
  ['members[$ref co …]', '/Groups', (url) => `members[$ref co "${url}"]`],
  ['members[$ref eq …]', '/Groups', (url) => `members[$ref eq "${url}"]`],
  ['members.$ref eq', '/Groups', (url) => `members.$ref eq "${url}"`],
  ['members.$REF ew', '/Groups', (url) => `MEMBERS.$REF ew "${url.slice(-40)}"`],
  ['members[type … and $ref …]', '/Groups', (url) => `members[type eq "User" and $ref sw "${url}"]`],
];

describe('a URL that an answer shows', () => {
  it.each(cases)('is found by a filter on it: %s', async (_name, endpoint, filterOf) => {
    const [member] = group.members?.filter(({ value }) => value === user.id) ?? [];
    expect(await found(filterOf(member?.$ref ?? ''), endpoint)).toEqual([group.id]);
  });

  it('tells users and groups apart', async () => {
    expect(await found(`members.$ref eq "${suite.base}/Groups/${group.id}"`, '/Groups')).toEqual([outer.id]);
    expect(await found(`members[$ref co "/Users/${group.id}"]`, '/Groups')).toEqual([]);
  });

  it('is found in the groups of a user, and in meta', async () => {
    const [reference] = (await suite.scim('GET', `/Users/${user.id}`)).json.groups ?? [];
    expect(await found(`groups.$ref eq "${reference?.$ref}" and id eq "${user.id}"`, '/Users')).toEqual([user.id]);
    expect(await found(`groups[$ref ew "${group.id}"]`, '/Users')).toHaveLength(2);
    for (const { meta, id } of [user, group]) {
      const endpoint = meta.resourceType === 'User' ? '/Users' : '/Groups';
      expect(await found(`meta.location eq "${meta.location}"`, endpoint)).toEqual([id]);
    }
  });

  it('is found by POST, and by a search over all types', async () => {
    const filter = `meta.location eq "${group.meta.location}"`;
    for (const path of ['/Groups/.search', '/.search']) {
      const { json } = await suite.scim('POST', path, { schemas: [SEARCH], filter });
      expect(json.Resources.map(({ id }) => id)).toEqual([group.id]);
    }
  });
});
