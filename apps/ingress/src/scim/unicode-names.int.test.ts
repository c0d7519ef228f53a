import { describe, expect, it } from 'vitest';
import { useScim } from '../testing/use-scim';

const suite = useScim();

/** One name, as it is stored and as others write it. */
const FORMS: [string, string, string][] = [
  ['composed and decomposed', 'Jos\u00e9', 'jose\u0301'],
  ['decomposed and composed', 'Zoe\u0308', 'ZO\u00cb'],
  ['full width', 'Ａｄａ', 'ada'],
  ['half width', 'ｶﾞ', 'ガ'],
  ['dotted capital i', '\u0130lker', 'I\u0307LKER'],
  ['sharp s', 'stra\u00dfe', 'STRA\u1e9eE'],
  ['Kelvin sign', '\u212aim', 'kim'],
  ['final sigma', 'ΝΙΚΟΣ', 'νικος'],
];

const quote = (text: string): string => JSON.stringify(text);

describe.each(FORMS)('a name in another form: %s', (_name, stored, asked) => {
  it('is one user, who is found by every form and shown as sent', async () => {
    const mark = suite.unique('u');
    const [userName, other] = [`${stored}.${mark}@example.com`, `${asked}.${mark}@example.com`];
    const attributes = { displayName: `${stored} ${mark}`, title: `${stored} ${mark}`, emails: [{ value: userName }] };
    const user = await suite.makeUser({ userName, ...attributes });
    expect(user).toMatchObject({ userName, ...attributes });

    const taken = await suite.scim('POST', '/Users', { userName: other });
    expect([taken.status, taken.json.scimType]).toEqual([409, 'uniqueness']);
    for (const filter of [
      `userName eq ${quote(other)}`,
      `emails.value eq ${quote(other)}`,
      `emails[value eq ${quote(other)}]`,
      `displayName eq ${quote(`${asked} ${mark}`)}`,
      `title eq ${quote(`${asked} ${mark}`)}`,
      `title sw ${quote(asked)} and title ew ${quote(mark)}`,
      `userName sw ${quote(asked)} and userName co ${quote(mark)}`,
      `userName eq ${quote(other)} and active eq true`,
    ]) {
      expect(
        (await suite.find(filter)).map(({ id }) => id),
        filter,
      ).toEqual([user.id]);
    }
    await suite.scim('DELETE', `/Users/${user.id}`);
    await suite.makeUser({ userName: other });
  });

  it('is one group', async () => {
    const mark = suite.unique('g');
    const group = (await suite.scim('POST', '/Groups', { displayName: `${stored} ${mark}` })).json;
    expect((await suite.scim('POST', '/Groups', { displayName: `${asked} ${mark}` })).status).toBe(409);
    const found = await suite.find(`displayName eq ${quote(`${asked} ${mark}`)}`, '/Groups');
    expect(found).toMatchObject([{ id: group.id, displayName: `${stored} ${mark}` }]);
  });
});

it('names that PRECIS tells apart are two users', async () => {
  const mark = suite.unique('u');
  for (const name of ['strasse', 'stra\u00dfe', 'jose', 'jos\u00e9'])
    await suite.makeUser({ userName: `${name}.${mark}` });
  expect(await suite.find(`userName ew ${quote(mark)}`)).toHaveLength(4);
});

describe('who has a key from before, because another has the one that the name has now', () => {
  it('is deactivated like any user, and taken under another name', async () => {
    const mark = suite.unique('u');
    const [composed, decomposed] = [`jos\u00e9.${mark}`, `jose\u0301.${mark}`];
    await suite.makeUser({ userName: composed });
    const { id } = await suite.makeUser({ userName: `${mark}.before` });
    await suite.admin(
      `UPDATE directory_users SET user_name_key = $2, resource = jsonb_set(resource, '{userName}', to_jsonb($2::text)) WHERE id = $1`,
      [id, decomposed],
    );
    const path = `/Users/${id}`;
    const off = { schemas: [], Operations: [{ op: 'replace', path: 'active', value: false }] };
    expect(await suite.scim('PATCH', path, off)).toMatchObject({ status: 200, json: { active: false } });
    const body = { userName: decomposed, title: 'T', active: false };
    expect(await suite.scim('PUT', path, body)).toMatchObject({ status: 200, json: { title: 'T' } });
    expect((await suite.scim('PUT', path, { userName: `JOSE\u0301.${mark}` })).status).toBe(409);
    expect((await suite.scim('PUT', path, { userName: `${mark}.after` })).status).toBe(200);
    expect(await suite.find(`userName eq ${quote(`${mark}.after`)}`)).toHaveLength(1);
  });

  it('keeps its members in a group that is written', async () => {
    const mark = suite.unique('g');
    const [composed, decomposed] = [`caf\u00e9 ${mark}`, `cafe\u0301 ${mark}`];
    await suite.scim('POST', '/Groups', { displayName: composed });
    const { id } = (await suite.scim('POST', '/Groups', { displayName: `${mark} before` })).json;
    await suite.admin(
      `UPDATE directory_groups SET display_name_key = $2, resource = jsonb_set(resource, '{displayName}', to_jsonb($2::text)) WHERE id = $1`,
      [id, decomposed],
    );
    const answer = await suite.scim('PUT', `/Groups/${id}`, { displayName: decomposed, externalId: mark });
    expect(answer).toMatchObject({ status: 200, json: { externalId: mark } });
  });
});

it('a text that is longer than a name is stored, and found by what stands in it', async () => {
  const mark = suite.unique('u');
  const title = `${mark} ${'\u0301\u0316'.repeat(40_000)}`;
  const { id } = await suite.makeUser({ title });
  expect((await suite.find(`title co ${quote(mark.toUpperCase())}`)).map((user) => user.id)).toEqual([id]);
});
