import { createTestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { holdTransaction, untilWaiting } from '../testing/hold-transaction';
import { connectDashboard, cookieOf, PASSWORD } from './testing/connect-dashboard';
import type { DashboardClient, SessionBody, SignedIn } from './testing/connect-dashboard';
import { createSoftwarePasskey } from './testing/software-authenticator';
import type { SoftwarePasskey } from './testing/software-authenticator';

let test: TestApi;
let dashboard: DashboardClient;
let owner: SignedIn;
let origin: string;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  dashboard = connectDashboard(test);
  owner = await dashboard.setUp();
  origin = `http://localhost:${new URL(test.ingress.baseUrl).port}`;
});

afterAll(() => test?.stop());

interface Options {
  challenge: string;
  allowCredentials?: unknown[];
}

interface Added {
  passkey: { id: string; name: string };
  recovery_codes: string[] | null;
}

const optionsOf = async (path: string, call: { cookie?: string; body?: object } = {}) =>
  (await dashboard.call<Options>('POST', path, call)).body;

async function addPasskey(
  member: SignedIn,
  name = 'Laptop',
): Promise<Added & { key: SoftwarePasskey; status: number }> {
  const { cookie } = member;
  const key = createSoftwarePasskey(origin);
  const response = key.register(await optionsOf('/me/passkeys:options', { cookie }));
  const added = await dashboard.call<Added>('POST', '/me/passkeys', { cookie, body: { name, response } });
  return { ...added.body, key, status: added.status };
}

const signIn = (response: object, token?: string) =>
  dashboard.call<SessionBody>('POST', '/sign_in/passkey', { body: { response, token } });

const codeOf = async (response: object, token?: string) =>
  (await dashboard.call('POST', '/sign_in/passkey', { body: { response, token } })).body.error?.code;

describe('a passkey', () => {
  it('signs its member in by itself', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const { key, status, passkey } = await addPasskey(member);
    expect([status, passkey]).toMatchObject([201, { id: expect.stringMatching(/^pky_/), name: 'Laptop' }]);
    const asked = await optionsOf('/sign_in/passkey:options');
    expect(asked.allowCredentials).toBeUndefined();
    const answer = await signIn(key.authenticate(asked));
    expect([answer.status, answer.body.member.id, answer.body.second_factor.passkeys]).toEqual([
      200,
      member.memberId,
      1,
    ]);
    expect((await dashboard.call('GET', '/session', { cookie: cookieOf(answer) })).status).toBe(200);
  });

  it('is asked for after the password, and comes with recovery codes', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const { key, recovery_codes: codes } = await addPasskey(member);
    expect(codes).toHaveLength(10);
    expect((await addPasskey(member, 'Phone')).recovery_codes).toBeNull();
    const body = { email: member.email, password: PASSWORD };
    const step = await dashboard.call<{ second_factor: { token: string; methods: string[] } }>('POST', '/sign_in', {
      body,
    });
    const { token, methods } = step.body.second_factor;
    expect(methods).toEqual(['passkey', 'recovery_code']);
    const asked = await optionsOf('/sign_in/passkey:options', { body: { token } });
    expect(asked.allowCredentials).toHaveLength(2);
    expect((await signIn(key.authenticate(asked), token)).status).toBe(200);
    expect(await codeOf(key.authenticate(asked), token)).toBe('second_factor_expired');
  });

  it('comes with recovery codes once when two are added at the same time: those that were shown are those that hold', async () => {
    const member = await dashboard.join(owner, 'viewer');
    // The challenges are taken first, so that both are stored at once.
    const keys = [createSoftwarePasskey(origin), createSoftwarePasskey(origin)];
    const responses: object[] = [];
    for (const key of keys) {
      responses.push(key.register(await optionsOf('/me/passkeys:options', { cookie: member.cookie })));
    }
    const { adminUrl } = test.database;
    const lock = 'SELECT FROM members WHERE id = $1 FOR NO KEY UPDATE';
    const release = await holdTransaction(adminUrl, [lock, member.memberId.slice(4)]);
    const adding = responses.map((response) =>
      dashboard.call<Added>('POST', '/me/passkeys', { cookie: member.cookie, body: { name: 'Key', response } }),
    );
    await untilWaiting(adminUrl, 2);
    await release();
    const added = await Promise.all(adding);
    expect(added.map(({ status }) => status)).toEqual([201, 201]);
    expect(added.flatMap(({ body }) => body.recovery_codes ?? [])).toHaveLength(10);
  });

  it('answers a challenge once, and only one that was made for it', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const { key } = await addPasskey(member);
    const asked = await optionsOf('/sign_in/passkey:options');
    const answer = key.authenticate(asked);
    expect((await signIn(answer)).status).toBe(200);
    expect(await codeOf(answer)).toBe('passkey_refused');
    const later = await optionsOf('/sign_in/passkey:options');
    const made = Buffer.from('x'.repeat(54)).toString('base64url');
    expect(await codeOf(key.authenticate({ challenge: made }))).toBe('passkey_refused');
    expect(await codeOf(key.authenticate(later, { origin: 'https://evil.test' }))).toBe('passkey_refused');
    const registering = await optionsOf('/me/passkeys:options', { cookie: member.cookie });
    expect(await codeOf(key.authenticate(registering))).toBe('passkey_refused');
    expect(await codeOf(createSoftwarePasskey(origin).authenticate(later))).toBe('passkey_refused');
    expect((await signIn(key.authenticate(later))).status).toBe(200);
  });

  it('of somebody else finishes nobody’s sign-in', async () => {
    const [member, other] = [await dashboard.join(owner, 'viewer'), await dashboard.join(owner, 'viewer')];
    await addPasskey(member);
    const { key } = await addPasskey(other);
    const body = { email: member.email, password: PASSWORD };
    const step = await dashboard.call<{ second_factor: { token: string } }>('POST', '/sign_in', { body });
    const { token } = step.body.second_factor;
    const asked = await optionsOf('/sign_in/passkey:options', { body: { token } });
    expect(await codeOf(key.authenticate(asked), token)).toBe('passkey_refused');
  });

  it('confirms its member, and can be removed', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const { key, passkey } = await addPasskey(member);
    const { cookie } = member;
    const response = key.authenticate(await optionsOf('/sign_in/passkey:options'));
    expect((await dashboard.call('POST', '/session:confirm', { cookie, body: { response } })).status).toBe(204);
    const used = await dashboard.call('POST', '/session:confirm', { cookie, body: { response } });
    expect([used.status, used.body.error.code]).toEqual([422, 'passkey_refused']);
    expect((await dashboard.call('GET', '/session', { cookie })).status).toBe(200);
    const stranger = await dashboard.join(owner, 'viewer');
    const path = `/me/passkeys/${passkey.id}`;
    expect((await dashboard.call('DELETE', path, { cookie: stranger.cookie })).status).toBe(404);
    expect((await dashboard.call('DELETE', path, { cookie })).status).toBe(204);
    expect((await dashboard.call<{ passkeys: [] }>('GET', '/me/passkeys', { cookie })).body.passkeys).toEqual([]);
    const after = await optionsOf('/sign_in/passkey:options');
    expect(await codeOf(key.authenticate(after))).toBe('passkey_refused');
    const credentials = { email: member.email, password: PASSWORD };
    expect((await dashboard.call('POST', '/sign_in', { body: credentials })).body).toHaveProperty('member');
  });

  it('is not stored twice, nor for a member who did not ask for it', async () => {
    const [member, other] = [await dashboard.join(owner, 'viewer'), await dashboard.join(owner, 'viewer')];
    const key = createSoftwarePasskey(origin);
    const response = key.register(await optionsOf('/me/passkeys:options', { cookie: member.cookie }));
    const body = { name: 'Key', response };
    const add = async ({ cookie }: SignedIn) => (await dashboard.call('POST', '/me/passkeys', { cookie, body })).status;
    expect(await add(other)).toBe(422);
    expect(await add(member)).toBe(201);
    expect(await add(member)).toBe(422);
  });
});
