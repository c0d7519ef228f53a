import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAND_OVER_HEADER } from '@rollcall/contract';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { hashOpaqueToken } from '@rollcall/platform';
import type { DirectoryItem } from '../../management/directories/directory.dto';
import type { HandOverItem, HandOverList, NewHandOverAnswer } from '../../management/hand-overs/hand-over.dto';
import type { IssuedSecretAnswer } from '../../management/secrets/secret.dto';
import { connectScim, pathOf, startApi } from '../../management/testing/start-api';
import type { ErrorBody, TestApi } from '../../management/testing/start-api';
import { runAsAdmin } from '../../testing/seed-directory';
import { connectPortal } from '../testing/connect-portal';
import type { PortalClient } from '../testing/connect-portal';
import { listRoutes, listSessionRoutes } from '../testing/list-routes';
import type { renderHandOverPage } from './render-hand-over-page';

let test: TestApi;
let portal: PortalClient;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  portal = connectPortal(test);
});

afterAll(() => test?.stop());

type Page = ReturnType<typeof renderHandOverPage>;
type Shown = IssuedSecretAnswer & { page_token: string };

interface HandedOver {
  directory: DirectoryItem;
  cookie: string;
  id: string;
  /** What stands behind the # of the link. */
  token: string;
}

/** A hand-over that an administrator has made in the portal. */
async function handOver(given?: DirectoryItem, body: object = {}): Promise<HandedOver> {
  const directory = given ?? (await test.newDirectory());
  const { cookie } = await portal.openSession(directory.organization_id);
  const made = await portal.call<NewHandOverAnswer>('POST', `/directories/${directory.id}/hand_overs`, {
    cookie,
    body,
  });
  expect(made.status).toBe(201);
  const { id, location } = made.body.hand_over;
  return { directory, cookie, id, token: location.split('#')[1] ?? '' };
}

const asPage = <Body = ErrorBody>(token: string, method: string, path = '') =>
  portal.call<Body>(method, `/hand_over${path}`, { headers: { [HAND_OVER_HEADER]: token } });

/** The statuses of so many requests that arrive as one, so that it does not matter how fast this machine sends them. */
async function askAtOnce(token: string, count: number): Promise<string[]> {
  const { hostname, port } = new URL(test.ingress.baseUrl);
  const head = `GET /portal/api/hand_over HTTP/1.1\r\nhost: ${hostname}:${port}\r\n${HAND_OVER_HEADER}: ${token}\r\n`;
  const socket = connect(Number(port), hostname);
  socket.write(`${`${head}\r\n`.repeat(count - 1)}${head}connection: close\r\n\r\n`);
  return Array.from((await text(socket)).matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => status ?? '');
}

const showToken = (token: string) => asPage<Shown>(token, 'POST', '/token');

/** The routes of the page itself. */
const pageRoutes = () => listRoutes().filter(({ handler }) => handler.startsWith('HandOverController.'));

/** What the administrator sees of it. */
async function stateOf({ directory, cookie, id }: HandedOver): Promise<HandOverItem | undefined> {
  const list = await portal.call<HandOverList>('GET', `/directories/${directory.id}/hand_overs`, { cookie });
  return list.body.hand_overs.find((item) => item.id === id);
}

async function refusalOf(token: string): Promise<unknown[]> {
  const answers = [
    await asPage(token, 'GET'),
    await asPage(token, 'POST', '/open'),
    await asPage(token, 'POST', '/token'),
  ];
  return [...new Set(answers.map(({ status, body }) => `${status} ${body?.error?.code}`))];
}

describe('a hand-over', () => {
  it('is followed by its administrator from the link to the connection', async () => {
    const made = await handOver();
    const { directory, token } = made;
    expect(await stateOf(made)).toMatchObject({ state: 'NOT_OPENED', opened_time: null, token_shown_time: null });
    const page = await asPage<Page>(token, 'POST', '/open');
    expect(page.status).toBe(200);
    expect(page.body).toMatchObject({
      organization: { display_name: 'Acme' },
      directory: { id: directory.id, directory_endpoint: directory.directory_endpoint, secrets: [] },
    });
    const opened = await stateOf(made);
    expect(opened).toMatchObject({ state: 'OPENED', opened_time: expect.any(String) });
    const shown = await showToken(token);
    expect(shown.status).toBe(201);
    expect(await stateOf(made)).toMatchObject({
      state: 'TOKEN_SHOWN',
      opened_time: opened?.opened_time,
      secret_id: shown.body.secret.id,
    });
    expect(
      (await connectScim(test.ingress.baseUrl, directory, shown.body.plain_secret).call('GET', '/Users')).status,
    ).toBe(200);
    // What arrives is told a moment after its answer.
    await waitUntil(async () => (await stateOf(made))?.state === 'CONNECTED', { what: 'the connection' });
    const later = await asPage<Page>(shown.body.page_token, 'GET');
    expect(later.body).toMatchObject({
      hand_over: { state: 'CONNECTED', connected_time: expect.any(String) },
      directory: { secrets: [{ id: shown.body.secret.id }], setup: { first_request_time: expect.any(String) } },
    });
  });

  it('lasts seven days unless told otherwise, and thirty at most', async () => {
    const directory = await test.newDirectory();
    const secondsOf = async (body: object) => {
      const made = await stateOf(await handOver(directory, body));
      return Math.round((Date.parse(made?.expire_time ?? '') - Date.parse(made?.create_time ?? '')) / 1_000);
    };
    expect(await secondsOf({})).toBe(7 * 86_400);
    expect(await secondsOf({ expires_in: 3_600 })).toBe(3_600);
    const path = `${pathOf(directory)}/hand_overs`;
    for (const seconds of [0, 59, 30 * 86_400 + 1]) {
      expect((await test.api.call('POST', path, { expires_in: seconds })).status).toBe(400);
    }
  });

  it('is made, listed and revoked by the application as well, and by nobody of another environment', async () => {
    const path = `${pathOf(await test.newDirectory())}/hand_overs`;
    const { body } = await test.api.call<NewHandOverAnswer>('POST', path);
    const { id } = body.hand_over;
    expect((await test.foreign.call('GET', path)).status).toBe(404);
    expect((await test.foreign.call('DELETE', `${path}/${id}`)).status).toBe(404);
    expect((await test.api.call('DELETE', `${path}/${id}`)).status).toBe(204);
    expect((await test.api.call('DELETE', `${path}/${id}`)).status).toBe(204);
    const list = await test.api.call<HandOverList>('GET', path);
    expect(list.body).toMatchObject({ total_size: 1, hand_overs: [{ id, state: 'REVOKED' }] });
  });

  it('is one of twenty that are open at most', async () => {
    const path = `${pathOf(await test.newDirectory())}/hand_overs`;
    const made = await Promise.all(Array.from({ length: 22 }, () => test.api.call<ErrorBody>('POST', path)));
    const refused = made.filter(({ status }) => status !== 201);
    expect(refused.map(({ status, body }) => [status, body.error.code])).toEqual([
      [422, 'too_many_hand_overs'],
      [422, 'too_many_hand_overs'],
    ]);
  });

  it('is not in the list any more when it is over and two hundred newer ones are', async () => {
    const directory = await test.newDirectory();
    const path = `${pathOf(directory)}/hand_overs`;
    // Oldest first, and half of them only expired.
    await runAsAdmin(test.database.adminUrl, [
      [
        `INSERT INTO hand_overs (environment_id, id, organization_id, directory_id, token_hash, expire_time, revoked_time)
         SELECT d.environment_id, substr(d.id, 1, 20) || lpad(n::text, 6, '0'), d.organization_id, d.id, d.id || n,
           now() + interval '1 day' * (-1) ^ n, CASE WHEN n % 2 = 0 THEN now() END
         FROM directories d, generate_series(1, 203) AS n WHERE d.id = $1`,
        [directory.id.slice('dir_'.length)],
      ],
    ]);
    const made = await test.api.call<NewHandOverAnswer>('POST', path);
    const { total_size: total, hand_overs: newest } = (await test.api.call<HandOverList>('GET', path)).body;
    expect([total, newest[0]?.id]).toEqual([201, made.body.hand_over.id]);
    const oldest = `hov_${directory.id.slice('dir_'.length, 'dir_'.length + 20)}`;
    const statuses = await Promise.all(
      ['000003', '000004'].map((tail) => test.api.call('DELETE', `${path}/${oldest}${tail}`)),
    );
    expect(statuses.map(({ status }) => status)).toEqual([404, 204]);
  });

  it('is stored as hashes alone', async () => {
    const { token } = await handOver();
    const { page_token: pageToken } = (await showToken(token)).body;
    const rows = await runAsAdmin<{ token_hash: string; page_hash: string; row: string }>(test.database.adminUrl, [
      [
        'SELECT token_hash, page_hash, h::text AS row FROM hand_overs h WHERE token_hash = $1',
        [hashOpaqueToken(token)],
      ],
    ]);
    expect(rows).toMatchObject([{ page_hash: hashOpaqueToken(pageToken) }]);
    expect(rows[0]?.row).not.toContain(token);
    expect(rows[0]?.row).not.toContain(pageToken);
  });
});

describe('the link', () => {
  it('is not used up by whoever only looks, a mail scanner that runs its script among them', async () => {
    const made = await handOver();
    for (let i = 0; i < 3; i++) expect((await asPage(made.token, 'POST', '/open')).status).toBe(200);
    expect(await stateOf(made)).toMatchObject({ state: 'OPENED' });
    expect((await showToken(made.token)).status).toBe(201);
  });

  it('shows the token to one of those who ask at once, and opens nothing any more then', async () => {
    const { directory, token } = await handOver();
    const asked = await Promise.all(Array.from({ length: 5 }, () => showToken(token)));
    expect(asked.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 410, 410, 410, 410]);
    expect(await refusalOf(token)).toEqual(['410 link_used']);
    const { body } = await test.api.call<{ total_size: number }>('GET', `${pathOf(directory)}/secrets`);
    expect(body.total_size).toBe(1);
    const pageToken = asked.find(({ status }) => status === 201)?.body.page_token ?? '';
    expect((await asPage(pageToken, 'GET')).status).toBe(200);
    const again = await asPage(pageToken, 'POST', '/token');
    expect([again.status, again.body.error.code]).toEqual([410, 'link_used']);
  });

  it('is not used up by a token that could not be issued', async () => {
    const { directory, token } = await handOver();
    const secrets = `${pathOf(directory)}/secrets`;
    const issued: string[] = [];
    for (let i = 0; i < 10; i++) issued.push((await test.api.call<IssuedSecretAnswer>('POST', secrets)).body.secret.id);
    const refused = await asPage(token, 'POST', '/token');
    expect([refused.status, refused.body.error.code]).toEqual([422, 'too_many_secrets']);
    await test.api.call('DELETE', `${secrets}/${issued[0]}`);
    expect((await showToken(token)).status).toBe(201);
  });
});

describe('a link, and a page that has shown the token,', () => {
  const ENDS: Record<string, [string, (made: HandedOver) => Promise<unknown>]> = {
    'is revoked': [
      '404 link_unknown',
      ({ directory, cookie, id }) => portal.call('DELETE', `/directories/${directory.id}/hand_overs/${id}`, { cookie }),
    ],
    expires: [
      '410 link_expired',
      ({ id }) =>
        runAsAdmin(test.database.adminUrl, [
          ['UPDATE hand_overs SET expire_time = now() WHERE id = $1', [id.slice('hov_'.length)]],
        ]),
    ],
    'ends with its directory': ['404 link_unknown', ({ directory }) => test.api.call('DELETE', pathOf(directory))],
    'ends with its organization': [
      '404 link_unknown',
      ({ directory }) => test.api.call('DELETE', `/organizations/${directory.organization_id}`),
    ],
    'is refused while Directory Sync is off': [
      '403 feature_disabled',
      ({ directory }) =>
        test.api.call('PATCH', `/organizations/${directory.organization_id}/settings`, {
          features: [{ name: 'dir_sync', enabled: false }],
        }),
    ],
  };

  it.each(Object.entries(ENDS))('%s', async (_, [refusal, end]) => {
    const link = await handOver();
    await end(link);
    expect(await refusalOf(link.token)).toEqual([refusal]);
    const shown = await handOver();
    const { page_token: pageToken } = (await showToken(shown.token)).body;
    await end(shown);
    expect(await refusalOf(pageToken)).toEqual([refusal]);
  });

  it('opens nothing that is not the page’s own, whatever it is sent as', async () => {
    const { directory, token } = await handOver();
    const tokens = [token, (await showToken((await handOver(directory)).token)).body.page_token];
    const routes = listSessionRoutes(directory.id);
    expect(routes.length).toBeGreaterThan(35);
    const before = (await test.api.call('GET', pathOf(directory))).body;
    for (const sent of tokens) {
      for (const { method, path } of routes) {
        const { status, body } = await portal.call(method, `${path}?organization=${directory.organization_id}`, {
          cookie: `rollcall_portal=${sent}; rollcall_portal_frame=${sent}`,
          organization: directory.organization_id,
          headers: { [HAND_OVER_HEADER]: sent, authorization: `Bearer ${sent}` },
        });
        expect([method, path, status, body?.error?.code]).toEqual([method, path, 401, 'session_missing']);
      }
      const opened = await portal.call('POST', '/session', { body: { link_token: sent } });
      expect([opened.status, opened.body.error.code]).toEqual([404, 'link_unknown']);
    }
    expect((await test.api.call('GET', pathOf(directory))).body).toEqual(before);
  });
});

describe('the page of a hand-over', () => {
  it('takes no cookie of the portal, no link to it and nothing that is made up', async () => {
    const directory = await test.newDirectory();
    const { cookie } = await portal.openSession(directory.organization_id);
    const { token } = await portal.newLink(directory.organization_id);
    for (const sent of ['', 'nonsense', token, cookie.split('=')[1] ?? '']) {
      for (const { method, path } of pageRoutes()) {
        const { status, body } = await portal.call(method, path, { cookie, headers: { [HAND_OVER_HEADER]: sent } });
        expect([method, path, status, body.error.code]).toEqual([method, path, 404, 'link_unknown']);
      }
    }
  });

  it('is not opened from a page of another site', async () => {
    const { token } = await handOver();
    const headers = { [HAND_OVER_HEADER]: token, origin: 'https://evil.example' };
    const { status, body } = await portal.call('POST', '/hand_over/token', { headers });
    expect([status, body.error.code]).toEqual([403, 'foreign_origin']);
  });

  it('says nothing of people and of other tokens', async () => {
    const { directory, token } = await handOver();
    const scim = await test.newScim(directory);
    await scim.call('POST', '/Users', { userName: 'ann@acme.test' });
    const page = await asPage<Page>(token, 'GET');
    expect(page.body.directory.secrets).toEqual([]);
    expect(JSON.stringify(page.body)).not.toMatch(/ann|hash|sec_/);
  });

  it('is refused what it asks too often though all of it is asked at once', async () => {
    const { token } = await handOver();
    const start = performance.now();
    const answers = await askAtOnce(token, 400);
    // Sixty, and what flowed in meanwhile.
    const most = 60 + 2 * Math.ceil((performance.now() - start) / 1_000);
    const answered = answers.filter((status) => status === '200').length;
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThanOrEqual(most);
    expect(answers.filter((status) => status === '429')).toHaveLength(400 - answered);
  });

  it('is refused what it asks too often, before it is looked for, and others are not', async () => {
    const [busy, calm] = [await handOver(), await handOver()];
    const ask = () => Promise.all(Array.from({ length: 20 }, () => asPage(busy.token, 'GET')));
    let answers = await ask();
    for (let i = 0; i < 10 && answers.every(({ status }) => status === 200); i++) answers = await ask();
    const refused = answers.find(({ status }) => status !== 200);
    expect([refused?.status, refused?.body.error.code]).toEqual([429, 'rate_limited']);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await asPage(calm.token, 'GET')).status).toBe(200);
  });
});
