import { beforeAll, describe, expect, it } from 'vitest';
import { patchBody } from '../testing/scim-client';
import type { ScimBody } from '../testing/scim-client';
import { useScim } from '../testing/use-scim';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

const suite = useScim();

let boss: ScimBody;

beforeAll(async () => {
  boss = await suite.makeUser({ displayName: 'Ada Boss' });
});

const managerOf = (user: ScimBody | undefined): unknown =>
  (user?.[ENTERPRISE] as { manager?: unknown } | undefined)?.manager;
const get = async (id: string): Promise<ScimBody> => (await suite.scim('GET', `/Users/${id}`)).json;
const versionOf = async (id: string): Promise<string> => (await get(id)).meta.version;

/** What every answer that shows the user says of its manager. */
async function shown({ id, userName }: ScimBody): Promise<unknown[]> {
  const filter = `userName eq "${String(userName)}"`;
  const search = { schemas: [SEARCH], filter: `${filter} and id pr` };
  const users = [
    await get(id),
    ...(await suite.find(filter)),
    ...(await suite.find(`id eq "${id}"`)),
    ...(await suite.find(`${filter} or id eq "nobody"`)),
    ...(await suite.scim('POST', '/Users/.search', search)).json.Resources,
    ...(await suite.scim('GET', '/Users?count=500')).json.Resources.filter((user) => user.id === id),
  ];
  expect(users).toHaveLength(6);
  return users.map(managerOf);
}

const always = (manager: unknown): unknown[] => Array.from({ length: 6 }, () => manager);

describe('a manager who is a user of the directory', () => {
  it('is shown by that user’s name, in the answer of every write and read', async () => {
    const manager = { value: boss.id, displayName: 'Ada Boss' };
    const user = await suite.makeUser({ [ENTERPRISE]: { manager: { value: boss.id, displayName: 'Mallory' } } });
    expect(managerOf(user)).toEqual(manager);
    expect(await shown(user)).toEqual(always(manager));
    const put = await suite.scim('PUT', `/Users/${user.id}`, { ...user, title: 'x' });
    expect(managerOf(put.json)).toEqual(manager);
    const patch = patchBody({ op: 'replace', path: 'title', value: 'y' });
    expect(managerOf((await suite.scim('PATCH', `/Users/${user.id}`, patch)).json)).toEqual(manager);
  });

  it.each([
    ['given and family name', { name: { givenName: 'Bo', familyName: 'Lee', formatted: 'B. Lee' } }, 'Bo Lee'],
    ['the formatted name', { name: { givenName: 'Bo', formatted: 'B. Lee' } }, 'B. Lee'],
    ['the given name alone', { name: { givenName: 'Bo' } }, 'Bo'],
    ['the name that was sent, when the user has none', {}, 'Sent'],
  ])('is called by %s', async (_name, attributes, displayName) => {
    const { id: value } = await suite.makeUser(attributes);
    const user = await suite.makeUser({ [ENTERPRISE]: { manager: { value, displayName: 'Sent' } } });
    expect(await shown(user)).toEqual(always({ value, displayName }));
  });

  it('is found and sorted by the name that is shown, also after it has changed', async () => {
    const { id: value } = await suite.makeUser({ displayName: 'Zoe Before' });
    const { id: other } = await suite.makeUser({ displayName: 'Yan Other' });
    const title = `of ${value}`;
    const users = [
      await suite.makeUser({ title, [ENTERPRISE]: { manager: { value, displayName: 'Sent' } } }),
      await suite.makeUser({ title, [ENTERPRISE]: { manager: { value: other } } }),
      await suite.makeUser({ title, [ENTERPRISE]: { manager: { value: 'ext-9', displayName: 'Xi Outside' } } }),
    ];
    await suite.scim('PATCH', `/Users/${value}`, patchBody({ op: 'replace', path: 'displayName', value: 'Abe After' }));
    const idsOf = async (filter: string) => (await suite.find(`title eq "${title}" and ${filter}`)).map(({ id }) => id);
    for (const path of [`${ENTERPRISE}:manager.displayName`, 'manager.displayName']) {
      expect(await idsOf(`${path} eq "Abe After"`)).toEqual([users[0]?.id]);
      expect(await idsOf(`${path} sw "yan"`)).toEqual([users[1]?.id]);
      expect(await idsOf(`${path} co "outside"`)).toEqual([users[2]?.id]);
      expect(await idsOf(`(${path} eq "Sent" or ${path} eq "Zoe Before")`)).toEqual([]);
    }
    expect(await idsOf('manager[displayName eq "Abe After" and value pr]')).toEqual([users[0]?.id]);
    const sorted = await suite.scim(
      'GET',
      `/Users?${new URLSearchParams({ filter: `title eq "${title}"`, sortBy: `${ENTERPRISE}:manager.displayName` }).toString()}`,
    );
    expect(sorted.json.Resources.map(({ id }) => id)).toEqual([users[0]?.id, users[2]?.id, users[1]?.id]);
  });

  it('is given by $ref alone, or by the name that SCIM 1.1 has for the id', async () => {
    const $ref = boss.meta.location;
    for (const manager of [{ $ref }, { managerId: boss.id }]) {
      const user = await suite.makeUser({ [ENTERPRISE]: { manager } });
      expect(managerOf(user)).toMatchObject({ value: boss.id, displayName: 'Ada Boss' });
      expect((await suite.find(`manager eq "${boss.id}" and id eq "${user.id}"`)).map(({ id }) => id)).toEqual([
        user.id,
      ]);
    }
  });

  it('gives no change when a client sends back what it was shown, or another name', async () => {
    const user = await suite.makeUser({ [ENTERPRISE]: { manager: { value: boss.id } } });
    const { id } = user;
    for (const manager of [managerOf(user), { value: boss.id, displayName: 'Boss, Ada' }]) {
      const answer = await suite.scim('PUT', `/Users/${id}`, { ...user, [ENTERPRISE]: { manager } });
      expect([answer.status, managerOf(answer.json)]).toEqual([200, { value: boss.id, displayName: 'Ada Boss' }]);
    }
    expect(await versionOf(id)).toBe('W/"1"');
  });

  it('changes its name everywhere when the user is renamed, and is known by what was sent when the user is gone', async () => {
    const { id: value } = await suite.makeUser({ displayName: 'Before' });
    const user = await suite.makeUser({ [ENTERPRISE]: { manager: { value, displayName: 'Sent' } } });
    await suite.scim('PATCH', `/Users/${value}`, patchBody({ op: 'replace', path: 'displayName', value: 'After' }));
    expect(await shown(user)).toEqual(always({ value, displayName: 'After' }));
    await suite.scim('DELETE', `/Users/${value}`);
    expect(await shown(user)).toEqual(always({ value, displayName: 'Sent' }));
  });

  it('is nobody of another directory', async () => {
    const other = await suite.seed();
    const user = await suite.makeUser({ [ENTERPRISE]: { manager: { value: other.directoryId } } });
    expect(managerOf(user)).toEqual({ value: other.directoryId });
  });
});

describe('a manager from elsewhere', () => {
  it('is shown by the name that was sent', async () => {
    const manager = { value: 'ext-77', displayName: 'Outside Boss' };
    const user = await suite.makeUser({ [ENTERPRISE]: { manager } });
    expect(managerOf(user)).toEqual(manager);
    expect(await shown(user)).toEqual(always(manager));
    const patch = patchBody({ op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: boss.id } });
    expect(managerOf((await suite.scim('PATCH', `/Users/${user.id}`, patch)).json)).toEqual({
      value: boss.id,
      displayName: 'Ada Boss',
    });
  });

  it('keeps a reference that leads elsewhere as it was sent', async () => {
    const $ref = 'https://hr.example.com/scim/v2/Users/77';
    expect(managerOf(await suite.makeUser({ [ENTERPRISE]: { manager: { $ref } } }))).toEqual({ $ref });
  });

  it('has the mutability of RFC 7643 §8.7.1', async () => {
    const { json } = await suite.scim('GET', `/Schemas/${ENTERPRISE}`);
    const attributes = json.attributes as unknown as {
      name: string;
      subAttributes?: { name: string; mutability: string }[];
    }[];
    const parts = attributes.find(({ name }) => name === 'manager')?.subAttributes;
    expect(parts?.map(({ name, mutability }) => [name, mutability])).toEqual([
      ['value', 'readWrite'],
      ['$ref', 'readWrite'],
      ['displayName', 'readOnly'],
    ]);
  });
});
