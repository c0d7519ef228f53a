import { createTestDatabase, startIdentityProvider, waitUntil } from '@rollcall/testing';
import type { TestIdentityProvider } from '@rollcall/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { runAsAdmin } from '../testing/seed-directory';
import { connectDashboard, cookieOf, PASSWORD } from './testing/connect-dashboard';
import type { DashboardClient, SessionBody, SignedIn } from './testing/connect-dashboard';
import { createSoftwarePasskey } from './testing/software-authenticator';

let test: TestApi;
let dashboard: DashboardClient;
let owner: SignedIn;
let provider: TestIdentityProvider;
let other: string;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
  });
  provider = await startIdentityProvider();
  dashboard = connectDashboard(test);
  owner = await dashboard.setUp();
  const { body } = await dashboard.call<SessionBody>('GET', '/session', { cookie: owner.cookie });
  other = body.environments.find(({ id }) => id !== test.ingress.credentials.environment_id)?.id ?? '';
});

afterAll(async () => {
  await provider?.stop();
  await test?.stop();
});

const settings = (change: object = {}) => ({
  name: 'Acme ID',
  issuer: provider.issuer,
  client_id: provider.clientId,
  client_secret: provider.clientSecret,
  allowed_domains: ['Example.com'],
  default_role: 'viewer',
  required: false,
  ...change,
});

const configure = (change: object = {}) =>
  dashboard.call('PUT', '/single_sign_on', { cookie: owner.cookie, body: settings(change) });

beforeEach(async () => {
  expect((await configure()).status).toBe(200);
});

interface Visit {
  location: string;
  cookie: string;
}

/** Begins a sign-in as a browser does. */
async function begin(query = ''): Promise<Visit> {
  const { headers } = await dashboard.call('GET', `/sign_in/sso${query}`);
  return { location: headers.get('location') ?? '', cookie: cookieOf({ headers }) };
}

/** Comes back from the identity provider; the session's cookie, and the page that the browser is led to. */
async function comeBack(path: string, cookie: string): Promise<Visit> {
  const { pathname, search } = new URL(path);
  const { headers } = await dashboard.call('GET', `${pathname.replace('/dashboard/api', '')}${search}`, { cookie });
  return { location: headers.get('location') ?? '', cookie: cookieOf({ headers }) };
}

async function signInAs(claims: object, query = ''): Promise<Visit> {
  provider.claims = { email_verified: true, name: 'Sue\u0000\u202E', ...claims };
  const begun = await begin(query);
  return comeBack(provider.visit(begun.location), begun.cookie);
}

/** Gives a member a passkey, and returns what signs it in with that: a new cookie each time. */
async function addPasskey({ cookie }: SignedIn): Promise<() => Promise<string>> {
  const key = createSoftwarePasskey(`http://localhost:${new URL(test.ingress.baseUrl).port}`);
  const optionsOf = async (path: string) =>
    (await dashboard.call<{ challenge: string }>('POST', path, { cookie })).body;
  const body = { name: 'Laptop', response: key.register(await optionsOf('/me/passkeys:options')) };
  await dashboard.call('POST', '/me/passkeys', { cookie, body });
  return async () => {
    const response = key.authenticate(await optionsOf('/sign_in/passkey:options'));
    return cookieOf(await dashboard.call('POST', '/sign_in/passkey', { body: { response } }));
  };
}

const errorOf = ({ location }: Visit) => new URL(location, 'http://x').searchParams.get('error');
const sessionOf = async ({ cookie }: Visit) => dashboard.call<SessionBody>('GET', '/session', { cookie });

describe('single sign-on', () => {
  it('is offered at the sign-in, and its secret is told to nobody', async () => {
    const ways = await dashboard.call('GET', '/sign_in');
    expect(ways.body).toMatchObject({ password: true, single_sign_on: { name: 'Acme ID' } });
    const { body } = await dashboard.call('GET', '/single_sign_on', { cookie: owner.cookie });
    expect(body).toMatchObject({ single_sign_on: { allowed_domains: ['example.com'], default_role: 'viewer' } });
    expect(JSON.stringify(body)).not.toContain(provider.clientSecret);
    const [stored] = await runAsAdmin(test.database.adminUrl, [['SELECT * FROM single_sign_on', []]]);
    expect(JSON.stringify(stored)).not.toContain(provider.clientSecret);
  });

  it('makes a member of whoever comes with a verified address of the domain, and finds it again by its subject', async () => {
    const back = `/dashboard/${test.ingress.credentials.environment_id}/events`;
    const first = await signInAs({ sub: 'sue', email: 'sue@example.com' }, `?back=${encodeURIComponent(back)}`);
    expect(first.location).toMatch(new RegExp(`${back}$`));
    const session = await sessionOf(first);
    expect(session.body).toMatchObject({ role: 'viewer', member: { name: 'Sue', email: 'sue@example.com' } });
    const again = await sessionOf(await signInAs({ sub: 'sue', email: 'sue.new@example.com' }));
    expect(again.body.member.id).toBe(session.body.member.id);
  });

  it('refuses an address that is not verified, of another domain, or that nobody invited', async () => {
    expect(errorOf(await signInAs({ sub: 'a', email: 'a@example.com', email_verified: false }))).toBe(
      'single_sign_on_refused',
    );
    expect(errorOf(await signInAs({ sub: 'a', email: 'a@example.com.evil.test' }))).toBe('single_sign_on_refused');
    expect(errorOf(await signInAs({ sub: 'a' }))).toBe('single_sign_on_refused');
    await configure({ default_role: null });
    expect(errorOf(await signInAs({ sub: 'a', email: 'a@example.com' }))).toBe('single_sign_on_refused');
  });

  it('refuses an answer in another browser, one with another state, and one that comes twice', async () => {
    provider.claims = { sub: 'sue', email: 'sue@example.com', email_verified: true };
    const [begun, stranger] = [await begin(), await begin()];
    const answer = provider.visit(begun.location);
    expect(errorOf(await comeBack(answer, stranger.cookie))).toBe('single_sign_on_refused');
    expect(errorOf(await comeBack(answer, ''))).toBe('single_sign_on_refused');
    expect(errorOf(await comeBack(answer, begun.cookie.slice(0, -2)))).toBe('single_sign_on_refused');
    expect(errorOf(await comeBack(answer, begun.cookie))).toBeNull();
    expect(errorOf(await comeBack(answer, begun.cookie))).toBe('single_sign_on_refused');
  });

  it('reaches the one environment of its owner, whose identity provider says who somebody is', async () => {
    const session = await sessionOf(await signInAs({ sub: 'olive', email: owner.email }));
    expect(session.body.member.id).toBe(owner.memberId);
    expect(session.body.environments.map(({ id }) => id)).toEqual([test.ingress.credentials.environment_id]);
    const visit = await signInAs({ sub: 'olive', email: owner.email });
    const { status } = await dashboard.callApi('GET', '/organizations', { cookie: visit.cookie, environment: other });
    expect(status).toBe(404);
  });

  it('opens no account of another environment, and gives it no role, whatever its address', async () => {
    const email = 'cfo@example.com';
    const call = { cookie: owner.cookie, environment: other, body: { email, role: 'viewer' } };
    const { body } = await dashboard.call<{ location: string }>('POST', '/members/invitations', call);
    const token = body.location.split('#')[1];
    const squatter = await dashboard.call<SessionBody>('POST', '/invitations:accept', {
      body: { token, name: 'Mallory', password: PASSWORD },
    });
    const session = await sessionOf(await signInAs({ sub: 'cfo', email }));
    expect(session.body.member).toMatchObject({ email, name: 'Sue' });
    expect(session.body.member.id).not.toBe(squatter.body.member.id);
    const seen = await dashboard.call<SessionBody>('GET', '/session', {
      cookie: cookieOf(squatter),
      environment: other,
    });
    expect(seen.body.environments.map(({ id }) => id)).toEqual([other]);
    expect((await sessionOf(await signInAs({ sub: 'cfo', email }))).body.member.id).toBe(session.body.member.id);
  });

  it('makes no environment, which it could not open', async () => {
    const { cookie } = await signInAs({ sub: 'olive', email: owner.email });
    const { status, body } = await dashboard.call('POST', '/environments', { cookie, body: { name: 'Nowhere' } });
    expect([status, body.error.code]).toEqual([403, 'session_of_one_environment']);
  });

  it('sees and ends no session of another environment', async () => {
    const { cookie } = await signInAs({ sub: 'olive', email: owner.email });
    const { body } = await dashboard.call<{ sessions: { method: string }[] }>('GET', '/me/sessions', { cookie });
    expect(new Set(body.sessions.map(({ method }) => method))).toEqual(new Set(['single_sign_on']));
    await dashboard.call('DELETE', '/me/sessions', { cookie });
    expect((await dashboard.call('GET', '/session', { cookie: owner.cookie })).status).toBe(200);
  });

  it('changes nothing of how a member signs in, or is called, until the password is entered', async () => {
    const { cookie } = await signInAs({ sub: 'olive', email: owner.email });
    const renamed = await dashboard.call('PATCH', '/me', { cookie, body: { name: 'Mallory' } });
    expect(renamed.body.error.code).toBe('confirmation_required');
    expect((await dashboard.call('POST', '/me/totp', { cookie })).body.error.code).toBe('confirmation_required');
    await dashboard.call('POST', '/session:confirm', { cookie, body: { password: PASSWORD } });
    expect((await dashboard.call('POST', '/me/totp', { cookie })).status).toBe(200);
  });

  it('makes no address one from which passwords may be guessed beyond the share of strangers', async () => {
    const members = [await dashboard.join(owner, 'viewer'), await dashboard.join(owner, 'viewer')] as const;
    const visits = [
      await signInAs({ sub: 'guessed-1', email: members[0].email }),
      await signInAs({ sub: 'guessed-2', email: members[1].email }),
    ] as const;
    await runAsAdmin(test.database.adminUrl, [
      [
        `DELETE FROM member_sessions WHERE method <> 'single_sign_on' AND member_id = $1`,
        [members[1].memberId.slice(4)],
      ],
    ]);
    const guess = async (path: string, call: (password: string) => object) => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => dashboard.call('POST', path, call(`wrong ${index}`))),
      );
      return answers.filter(({ body }) => body.error.code === 'too_many_attempts').length;
    };
    await guess('/session:confirm', (password) => ({ cookie: visits[0].cookie, body: { password } }));
    // All of the address's share is used up, but for what has come back meanwhile.
    const { email } = members[1];
    expect(
      await guess('/session:confirm', (password) => ({ cookie: visits[1].cookie, body: { password } })),
    ).toBeGreaterThan(0);
    expect(await guess('/sign_in', (password) => ({ body: { email, password } }))).toBeGreaterThan(0);
  });

  it('keeps nobody from having an account of the address', async () => {
    await signInAs({ sub: 'taken', email: 'taken@example.com' });
    const call = { cookie: owner.cookie, environment: other, body: { email: 'taken@example.com', role: 'viewer' } };
    const { body } = await dashboard.call<{ location: string }>('POST', '/members/invitations', call);
    const token = body.location.split('#')[1];
    const joined = await dashboard.call('POST', '/invitations:accept', {
      body: { token, name: 'T', password: PASSWORD },
    });
    expect(joined.status).toBe(201);
  });

  it('makes a member whose address is not invited again', async () => {
    await signInAs({ sub: 'present', email: 'Present@example.com' });
    const call = { cookie: owner.cookie, body: { email: 'present@example.com', role: 'viewer' } };
    const { status, body } = await dashboard.call('POST', '/members/invitations', call);
    expect([status, body.error.code]).toEqual([409, 'member_exists']);
  });

  it('leads back to a page of the dashboard alone', async () => {
    for (const back of [
      'https://evil.test',
      '//evil.test',
      '/dashboard/../evil',
      '/dashboards',
      '/dashboard/api/session',
    ]) {
      const { location } = await signInAs(
        { sub: 'sue', email: 'sue@example.com' },
        `?back=${encodeURIComponent(back)}`,
      );
      expect([back, new URL(location).pathname]).toEqual([back, '/dashboard']);
    }
  });

  it('can be required, of all but owners who have signed in with a second factor', async () => {
    const member = await dashboard.join(owner, 'admin');
    const second = await dashboard.join(owner, 'owner');
    const require = (cookie: string) =>
      dashboard.call('PUT', '/single_sign_on', { cookie, body: settings({ required: true }) });
    const known = await signInAs({ sub: 'olive', email: owner.email });
    expect((await require(known.cookie)).body.error.code).toBe('second_factor_absent');
    const signInWithPasskey = await addPasskey(owner);
    expect((await require(owner.cookie)).body.error.code).toBe('second_factor_absent');
    const strong = await signInWithPasskey();
    expect((await require(strong)).status).toBe(200);
    const refused = await dashboard.call('POST', '/sign_in', { body: { email: member.email, password: PASSWORD } });
    expect([refused.status, refused.body.error.code]).toEqual([403, 'single_sign_on_required']);
    const see = async (cookie: string) => (await dashboard.callApi('GET', '/organizations', { cookie })).status;
    expect([await see(member.cookie), await see(owner.cookie), await see(strong)]).toEqual([404, 404, 200]);
    const add = async (cookie: string) => (await dashboard.call('POST', '/me/totp', { cookie })).body.error?.code;
    expect(await add(second.cookie)).toBe('single_sign_on_required');
    const { cookie } = await signInAs({ sub: 'second', email: second.email });
    // The address has guessed at passwords above: its share comes back by and by.
    const confirm = { cookie, body: { password: PASSWORD } };
    await waitUntil(async () => (await dashboard.call('POST', '/session:confirm', confirm)).status < 300);
    expect(await add(cookie)).toBeUndefined();
    expect((await dashboard.call('DELETE', '/single_sign_on', { cookie: strong })).status).toBe(204);
    expect(await see(member.cookie)).toBe(200);
  });

  it('sends its stored secret to no other issuer, and as no other client', async () => {
    const elsewhere = await startIdentityProvider();
    for (const change of [{ issuer: elsewhere.issuer }, { client_id: 'another' }]) {
      const { status, body } = await configure({ ...change, client_secret: undefined });
      expect([change, status, body.error.code]).toEqual([change, 422, 'client_secret_required']);
    }
    await elsewhere.stop();
    expect((await configure({ name: 'Renamed', client_secret: undefined })).status).toBe(200);
    expect(errorOf(await signInAs({ sub: 'sue', email: 'sue@example.com' }))).toBeNull();
  });

  it('is found by its environment, however many others have it', async () => {
    const present = test.ingress.credentials.environment_id;
    await runAsAdmin(test.database.adminUrl, [
      [`INSERT INTO environments (id, name) SELECT '0-other-' || n, 'x' FROM generate_series(1, 120) n`, []],
      [
        `INSERT INTO single_sign_on (environment_id, name, issuer, client_id, sealed_client_secret, allowed_domains)
         SELECT '0-other-' || n, 'x', 'https://id.test', 'x', 'x', '{example.com}' FROM generate_series(1, 120) n`,
        [],
      ],
    ]);
    expect((await dashboard.call('GET', '/sign_in')).body).toMatchObject({ single_sign_on: null });
    const named = await dashboard.call('GET', `/sign_in?environment_id=${present}`);
    expect(named.body).toMatchObject({ single_sign_on: { environment_id: present } });
    const visit = await signInAs({ sub: 'sue', email: 'sue@example.com' }, `?environment_id=${present}`);
    expect((await sessionOf(visit)).status).toBe(200);
    await runAsAdmin(test.database.adminUrl, [[`DELETE FROM environments WHERE id LIKE '0-other-%'`, []]]);
  });

  it('is set by owners alone, with an issuer that is there and may be called', async () => {
    const admin = await dashboard.join(owner, 'admin');
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const { body } = await dashboard.call(method, '/single_sign_on', { cookie: admin.cookie, body: settings() });
      expect([method, body.error.code]).toEqual([method, 'role_required']);
    }
    expect((await configure({ issuer: 'http://127.0.0.1:1' })).status).toBe(403);
    for (const wrong of [
      { issuer: 'ftp://x' },
      { allowed_domains: [] },
      { allowed_domains: ['x'] },
      { default_role: 'x' },
    ]) {
      expect((await configure(wrong)).status).toBe(400);
    }
  });
});
