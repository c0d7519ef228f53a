import { beforeAll, describe, expect, it } from 'vitest';
import { exactClient } from '../testing/exact-client';
import { patchBody } from '../testing/scim-client';
import type { Answer, ScimBody, ScimClient } from '../testing/scim-client';
import type { SeededDirectory } from '../testing/seed-directory';
import { useScim } from '../testing/use-scim';

const suite = useScim();

let directory: SeededDirectory;
let send: ScimClient;

type Headers = (hasBody: boolean) => Record<string, string>;

const json: Headers = (hasBody) => ({
  Accept: 'application/json',
  ...(hasBody ? { 'Content-Type': 'application/json' } : {}),
});
async function expectStatus(status: number, answer: Promise<Answer>): Promise<ScimBody> {
  const { status: answered, json: body, text } = await answer;
  expect(answered, text).toBe(status);
  return body;
}

describe('any client', () => {
  beforeAll(async () => {
    directory = await suite.seed();
    send = exactClient(directory, json);
  });

  it.each([
    '/Users?filter=userName+eq+%22quirk%22',
    '/Users?filter=userName%20%20eq%20%20%22quirk%22',
    '/Users?filter=userName++eq++%22quirk%22+',
    '/Users?filter=userName%20eq%20%22quirk%22&',
    '/Users?&filter=userName%20eq%20%22quirk%22',
    '/Users/?filter=userName%20eq%20%22quirk%22',
    '//Users?filter=userName%20eq%20%22quirk%22',
    '/Users?filter=USERNAME%20EQ%20%22Quirk%22',
    '/Users?',
    '/Users/',
    '/Users?&',
  ])('finds its user at %s', async (path) => {
    if ((await suite.find('userName eq "quirk"', '/Users', send)).length === 0)
      await suite.makeUser({ userName: 'quirk' }, send);
    expect((await expectStatus(200, send('GET', path))).Resources.map(({ userName }) => userName)).toEqual(['quirk']);
  });

  it.each(['?', '/', '/?', '?&'])('writes at a path that ends in %s', async (end) => {
    const body = { userName: suite.unique('end') };
    const { id } = await expectStatus(201, send('POST', `/Users${end}`, body));
    await expectStatus(200, send('GET', `/Users/${id}${end}`));
    await expectStatus(200, send('PUT', `/Users/${id}${end}`, { ...body, title: 'x' }));
    await expectStatus(200, send('PATCH', `/Users/${id}${end}`, patchBody({ op: 'remove', path: 'title' })));
    await expectStatus(204, send('DELETE', `/Users/${id}${end}`));
  });

  it('finds a name with a plus sign that it wrote as %2B', async () => {
    const userName = 'a+b@example.com';
    const { id } = await suite.makeUser({ userName }, send);
    const found = await expectStatus(200, send('GET', '/Users?filter=userName+eq+%22a%2Bb%40example.com%22'));
    expect(found.Resources.map((user) => user.id)).toEqual([id]);
  });

  it.each([
    ['bearer', (token: string) => `bearer ${token}`],
    ['Bearer Bearer', (token: string) => `Bearer Bearer ${token}`],
    ['Bearer bearer', (token: string) => `Bearer bearer ${token}`],
    ['no scheme', (token: string) => token],
  ])('may write its token after %s', async (_name, header) => {
    const headers = { Authorization: header(directory.token) };
    await expectStatus(201, send('POST', '/Users', { userName: suite.unique('token') }, { headers }));
  });

  it('may repeat what it got no answer to: a POST is told that the user is there, the rest changes nothing more', async () => {
    const body = { userName: suite.unique('again') };
    const { id } = await expectStatus(201, send('POST', '/Users', body));
    expect(await expectStatus(409, send('POST', '/Users', body))).toMatchObject({ scimType: 'uniqueness' });
    expect((await suite.find(`userName eq "${body.userName}"`, '/Users', send)).map((user) => user.id)).toEqual([id]);
    const patch = patchBody({ op: 'add', path: 'emails', value: [{ value: 'x@example.com', type: 'work' }] });
    const { meta } = await expectStatus(200, send('PATCH', `/Users/${id}`, patch));
    expect(await expectStatus(200, send('PATCH', `/Users/${id}`, patch))).toMatchObject({
      meta,
      emails: [{ value: 'x@example.com', type: 'work' }],
    });
  });

  it.each([
    { op: 'replace', path: 'active', value: [false] },
    { op: 'replace', value: { active: [false] } },
    { op: 'replace', value: [{ active: false }] },
    { op: 'REPLACE', path: 'ACTIVE', value: 'false' },
  ])('deactivates by %j', async (operation) => {
    const { id } = await suite.makeUser({}, send);
    expect((await expectStatus(200, send('PATCH', `/Users/${id}`, patchBody(operation)))).active).toBe(false);
  });
});
