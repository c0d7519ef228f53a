import { describe, expect, it } from 'vitest';
import { patchBody } from '../testing/scim-client';
import { useScim } from '../testing/use-scim';

const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

const suite = useScim();

const changeCount = async (id: string): Promise<number> =>
  (await suite.admin<{ id: string }>('SELECT id FROM changes WHERE resource_id = $1', [id])).length;

const bulk = (...operations: object[]) => suite.scim('POST', '/Bulk', { schemas: [BULK], Operations: operations });

/** Writes that say nothing of whether the user is active. */
const PATCHES: [string, Record<string, unknown>][] = [
  ['replace active null', { op: 'replace', path: 'active', value: null }],
  ['replace {active: null} without path', { op: 'replace', value: { active: null } }],
  ['replace of the core URN', { op: 'Replace', path: CORE, value: { active: null } }],
  ['remove active', { op: 'remove', path: 'active' }],
  ['replace active []', { op: 'replace', path: 'active', value: [] }],
];

describe('an inactive user', () => {
  it.each(PATCHES)('stays inactive on %s, without a change', async (_name, operation) => {
    const user = await suite.makeUser({ active: false });
    const { status, json } = await suite.scim('PATCH', `/Users/${user.id}`, patchBody(operation));
    expect([status, json]).toEqual([200, user]);
    const together = await bulk({ method: 'PATCH', path: `/Users/${user.id}`, data: patchBody(operation) });
    expect(together.json).toMatchObject({ Operations: [{ status: '200' }] });
    expect((await suite.scim('GET', `/Users/${user.id}`)).json).toEqual(user);
    expect(await changeCount(user.id)).toBe(1);
  });

  it.each([{}, { active: null }])('stays inactive on a PUT with %j', async (sent) => {
    const { id, userName } = await suite.makeUser({ active: false });
    const data = { userName, title: 'moved', ...sent };
    expect((await suite.scim('PUT', `/Users/${id}`, data)).json).toMatchObject({ title: 'moved', active: false });
    await bulk({ method: 'PUT', path: `/Users/${id}`, data: { ...data, title: 'again' } });
    expect((await suite.scim('GET', `/Users/${id}`)).json).toMatchObject({ title: 'again', active: false });
    expect(await suite.find(`userName eq "${String(userName)}" and active eq false`)).toHaveLength(1);
  });

  it('is active again when somebody says so', async () => {
    const { id } = await suite.makeUser({ active: false });
    const { json } = await suite.scim('PATCH', `/Users/${id}`, patchBody({ op: 'replace', value: { active: 'True' } }));
    expect(json.active).toBe(true);
  });
});

describe('a new user', () => {
  it.each([{}, { active: null }, { active: 'True' }])('is active when POSTed with %j', async (sent) => {
    expect(await suite.makeUser(sent)).toMatchObject({ active: true });
    const userName = suite.unique('bulk');
    await bulk({ method: 'POST', path: '/Users', bulkId: 'u', data: { userName, ...sent } });
    expect(await suite.find(`userName eq "${userName}"`)).toMatchObject([{ active: true }]);
  });
});
