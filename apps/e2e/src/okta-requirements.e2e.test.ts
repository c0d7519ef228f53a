import { type RunningRollcall, startRollcall } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectory, type ReadyDirectory } from './support/create-directory';

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** The test agent sends a Content-Type with every request, also with GET. */
const READ_HEADERS = {
  Accept: 'application/scim+json',
  'Accept-Charset': 'utf-8',
  'Content-Type': 'application/scim+json; charset=utf-8',
  'User-Agent': 'OKTA SCIM Integration',
};
/** Users are created with plain JSON, and an Accept header that carries a charset. */
const WRITE_HEADERS = { Accept: 'application/scim+json; charset=utf-8', 'Content-Type': 'application/json' };

const newcomer = {
  schemas: [CORE_USER],
  userName: 'Runa742Xqbtlkwzaf319@example.com',
  name: { givenName: 'Runa742', familyName: 'Xqbtlkwzaf319' },
  emails: [{ primary: true, value: 'Runa742Xqbtlkwzaf319@example.com', type: 'work' }],
  displayName: 'Runa742 Xqbtlkwzaf319',
  active: true,
};

interface Answer {
  status: number;
  contentType: string | null;
  body: Record<string, unknown> & { Resources?: Record<string, unknown>[]; detail?: string };
}

let rollcall: RunningRollcall;
let directory: ReadyDirectory;

beforeAll(async () => {
  rollcall = await startRollcall();
  directory = await createDirectory(rollcall);
  // The requirements take one user for given.
  const given = {
    ...newcomer,
    userName: 'resident@example.com',
    emails: [{ primary: true, value: 'resident@example.com', type: 'work' }],
  };
  expect((await write(given)).status).toBe(201);
});

afterAll(async () => {
  await rollcall?.stop();
});

async function read(path: string, authorization = `Bearer ${directory.token}`): Promise<Answer> {
  return answerOf(
    await fetch(directory.scimUrl + path, { headers: { ...READ_HEADERS, Authorization: authorization } }),
  );
}

async function write(user: object): Promise<Answer> {
  const headers = { ...WRITE_HEADERS, Authorization: `Bearer ${directory.token}` };
  return answerOf(await fetch(`${directory.scimUrl}/Users`, { method: 'POST', headers, body: JSON.stringify(user) }));
}

async function answerOf(response: Response): Promise<Answer> {
  const body = (await response.json()) as Answer['body'];
  return { status: response.status, contentType: response.headers.get('content-type'), body };
}

const byUserName = (userName: string): string => `/Users?filter=userName%20eq%20%22${encodeURIComponent(userName)}%22`;

describe('what Okta asks of every application in its catalogue: reading', () => {
  it('lists one user at a time, with integer counts and everything that a profile needs', async () => {
    const { status, contentType, body } = await read('/Users?count=1&startIndex=1');
    expect(status).toBe(200);
    expect(contentType).toMatch(/^application\/scim\+json/);
    expect(body).toMatchObject({ schemas: [LIST], totalResults: 1, itemsPerPage: 1, startIndex: 1 });
    expect(body.Resources).toHaveLength(1);
    expect(body.Resources?.[0]).toMatchObject({
      id: expect.stringMatching(/./) as string,
      name: { givenName: 'Runa742', familyName: 'Xqbtlkwzaf319' },
      userName: 'resident@example.com',
      active: true,
      emails: [{ value: 'resident@example.com' }],
    });
  });

  it('reads a listed user by its id, with the same content', async () => {
    const listed = (await read('/Users?count=1&startIndex=1')).body.Resources?.[0];
    const { status, body } = await read(`/Users/${String(listed?.id)}`);
    expect(status).toBe(200);
    expect(body).toEqual(listed);
  });

  it('answers a search for a user name that nobody has with 200 and an empty list', async () => {
    const { status, body } = await read(byUserName('nobody@example.com'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ schemas: [LIST], totalResults: 0 });
  });

  it.each(['010101001010101011001010101011', '00919288221112222'])(
    'answers the unknown id %s with 404 and a SCIM error',
    async (id) => {
      const { status, contentType, body } = await read(`/Users/${id}`);
      expect(status).toBe(404);
      expect(contentType).toMatch(/^application\/scim\+json/);
      expect(body).toMatchObject({ schemas: [ERROR], status: '404' });
      expect(body.detail).toMatch(/\w/);
    },
  );

  it('lists groups, none on a new directory', async () => {
    const { status, body } = await read('/Groups');
    expect(status).toBe(200);
    expect(body).toMatchObject({ schemas: [LIST], totalResults: 0 });
  });

  it('refuses an Authorization header that is no token with 401 and a SCIM error', async () => {
    const { status, body } = await read(byUserName(newcomer.userName.toUpperCase()), 'non-token');
    expect(status).toBe(401);
    expect(body).toMatchObject({ schemas: [ERROR], status: '401' });
    expect(body.detail).toMatch(/\w/);
  });
});

describe('what Okta asks of every application in its catalogue: creating', () => {
  it('creates a user it does not find, reads it back, and refuses a second one of that name', async () => {
    expect((await read(byUserName(newcomer.userName))).body.totalResults).toBe(0);

    const created = await write(newcomer);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ ...newcomer, id: expect.stringMatching(/./) as string });

    const { status, body } = await read(`/Users/${String(created.body.id)}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ userName: newcomer.userName, name: newcomer.name });

    const again = await write(newcomer);
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ schemas: [ERROR], status: '409', scimType: 'uniqueness' });
  });

  it('finds a user by the user name in another case', async () => {
    const { status, body } = await read(byUserName(newcomer.userName.toUpperCase()));
    expect(status).toBe(200);
    expect(body).toMatchObject({ totalResults: 1, Resources: [{ userName: newcomer.userName }] });
  });
});
