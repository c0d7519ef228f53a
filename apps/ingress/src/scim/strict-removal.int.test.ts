import { beforeAll, describe, expect, it } from 'vitest';
import { patchBody, scimClient } from '../testing/scim-client';
import type { ScimClient } from '../testing/scim-client';
import { useScim } from '../testing/use-scim';

const suite = useScim();

let strict: ScimClient;

beforeAll(async () => {
  strict = scimClient(await suite.seed({ strict: true }));
});

const memberIds = async (groupId: string, client: ScimClient): Promise<string[]> =>
  ((await client('GET', `/Groups/${groupId}`)).json.members ?? []).map(({ value }) => value);

describe('a removal that has no target', () => {
  it.each([
    { op: 'remove', path: 'emails[type eq "home"]' },
    { op: 'remove', path: 'phoneNumbers[type eq "work"].value' },
    { op: 'replace', path: 'emails[type eq "home"]', value: null },
  ])('is 400 noTarget in a strict directory, and no change in another: %j', async (operation) => {
    const attributes = { emails: [{ value: 'w@x', type: 'work' }] };
    const user = await suite.makeUser(attributes, strict);
    const refused = await strict('PATCH', `/Users/${user.id}`, patchBody(operation));
    expect([refused.status, refused.json.scimType]).toEqual([400, 'noTarget']);
    const other = await suite.makeUser(attributes);
    const taken = await suite.scim('PATCH', `/Users/${other.id}`, patchBody(operation));
    expect([taken.status, taken.json]).toEqual([200, other]);
  });

  it.each([{ op: 'replace', value: null }, { op: 'remove' }])(
    'keeps a member in a strict directory when it is the member’s value alone: %j',
    async (operation) => {
      for (const client of [strict, suite.scim]) {
        const { id: member } = await suite.makeUser({}, client);
        const { id } = await suite.makeGroup([member], client);
        const path = `members[value eq "${member}"].value`;
        const { status, json } = await client('PATCH', `/Groups/${id}`, patchBody({ ...operation, path }));
        expect([status, json.scimType]).toEqual(client === strict ? [400, 'mutability'] : [204, undefined]);
        expect(await memberIds(id, client)).toEqual(client === strict ? [member] : []);
      }
    },
  );

  it('is none of what Okta and Entra send to a strict directory, sent again included', async () => {
    const { id: member } = await suite.makeUser({}, strict);
    for (const operation of [
      { op: 'remove', path: `members[value eq "${member}"]` },
      { op: 'Remove', path: 'members', value: [{ value: member, $ref: null }] },
    ]) {
      const { id } = await suite.makeGroup([member], strict);
      for (let time = 0; time < 2; time += 1) {
        expect((await strict('PATCH', `/Groups/${id}`, patchBody(operation))).status).toBe(204);
        expect(await memberIds(id, strict)).toEqual([]);
      }
    }
  });
});
