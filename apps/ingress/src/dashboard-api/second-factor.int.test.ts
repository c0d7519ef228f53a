import { Secret, TOTP } from 'otpauth';
import { createTestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { runAsAdmin } from '../testing/seed-directory';
import { connectDashboard, PASSWORD } from './testing/connect-dashboard';
import type { DashboardClient, SessionBody, SignedIn } from './testing/connect-dashboard';

let test: TestApi;
let dashboard: DashboardClient;
let owner: SignedIn;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  dashboard = connectDashboard(test);
  owner = await dashboard.setUp();
});

afterAll(() => test?.stop());

interface Step {
  second_factor: { token: string; methods: string[] };
}

const signIn = (member: SignedIn) =>
  dashboard.call<Step>('POST', '/sign_in', { body: { email: member.email, password: PASSWORD } });

const finish = (token: string, code: string) =>
  dashboard.call('POST', '/sign_in/second_factor', { body: { token, code } });

/** The code that an authenticator app shows, so many steps from now. */
const codeOf = (secret: string, steps = 0) =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: Date.now() + steps * 30_000 });

const forget = (member: SignedIn) =>
  runAsAdmin(test.database.adminUrl, [
    ['UPDATE member_credentials SET totp_last_step = 0 WHERE member_id = $1', [member.memberId.slice(4)]],
  ]);

async function addApp(member: SignedIn): Promise<{ secret: string; codes: string[]; shown: string }> {
  const { cookie } = member;
  const offered = await dashboard.call<{ secret: string; otpauth_url: string }>('POST', '/me/totp', { cookie });
  const { secret, otpauth_url: url } = offered.body;
  expect(url).toContain(`otpauth://totp/Rollcall:${encodeURIComponent(member.email)}?`);
  const shown = codeOf(secret);
  const confirmed = await dashboard.call<{ recovery_codes: string[] }>('POST', '/me/totp:confirm', {
    cookie,
    body: { code: shown },
  });
  return { secret, codes: confirmed.body.recovery_codes, shown };
}

describe('an authenticator app', () => {
  it('is asked for once it has shown a code, and each code is good once', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const { secret, codes, shown } = await addApp(member);
    expect([codes.length, new Set(codes).size, codes[0]]).toEqual([
      10,
      10,
      expect.stringMatching(/^(\w{4}-){3}\w{4}$/),
    ]);
    const { body } = await signIn(member);
    expect(body.second_factor.methods).toEqual(['totp', 'recovery_code']);
    expect((await finish(body.second_factor.token, shown)).body.error.code).toBe('second_factor_refused');
    const next = codeOf(secret, 1);
    expect((await finish(body.second_factor.token, next)).status).toBe(200);
    const again = (await signIn(member)).body.second_factor.token;
    expect((await finish(again, next)).body.error.code).toBe('second_factor_refused');
    await forget(member);
    expect((await finish(again, codeOf(secret))).status).toBe(200);
  });

  it('is not there before, and gives no session with a wrong code', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const { cookie } = member;
    await dashboard.call('POST', '/me/totp', { cookie });
    expect((await dashboard.call('POST', '/me/totp:confirm', { cookie, body: { code: '000000' } })).status).toBe(422);
    expect((await signIn(member)).body).toHaveProperty('member');
  });

  it('can be removed, with what stood for it', async () => {
    const member = await dashboard.join(owner, 'viewer');
    await addApp(member);
    const before = await dashboard.call<SessionBody>('GET', '/session', { cookie: member.cookie });
    expect(before.body.second_factor).toEqual({ totp: true, passkeys: 0, recovery_codes_left: 10 });
    expect((await dashboard.call('POST', '/me/totp', { cookie: member.cookie })).status).toBe(409);
    expect((await dashboard.call('DELETE', '/me/totp', { cookie: member.cookie })).status).toBe(204);
    const after = await dashboard.call<SessionBody>('GET', '/session', { cookie: member.cookie });
    expect(after.body.second_factor).toEqual({ totp: false, passkeys: 0, recovery_codes_left: 0 });
    expect((await signIn(member)).body).toHaveProperty('member');
  });
});

describe('a recovery code', () => {
  it('is good once, as it is typed, until there are new ones', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const { codes } = await addApp(member);
    const [first = '', second = '', third = ''] = codes;
    const enter = async (code: string) => (await finish((await signIn(member)).body.second_factor.token, code)).status;
    expect(await enter(first.toUpperCase().replaceAll('-', ' '))).toBe(200);
    expect(await enter(first)).toBe(401);
    expect(await enter(second)).toBe(200);
    const renewed = await dashboard.call<{ recovery_codes: string[] }>('POST', '/me/recovery_codes', {
      cookie: member.cookie,
    });
    expect(renewed.body.recovery_codes).toHaveLength(10);
    expect(await enter(third)).toBe(401);
    expect(await enter(renewed.body.recovery_codes[9] ?? '')).toBe(200);
  });

  it('is stored as nothing that could be used', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const { codes, secret } = await addApp(member);
    const [row] = await runAsAdmin(test.database.adminUrl, [
      [
        `SELECT (SELECT jsonb_agg(c) FROM member_recovery_codes c)::text || (SELECT jsonb_agg(c) FROM member_credentials c)::text AS text`,
        [],
      ],
    ]);
    for (const shown of [...codes, secret, PASSWORD]) expect(JSON.stringify(row)).not.toContain(shown);
  });
});

describe('guesses at a code', () => {
  it('end the sign-in after five, whatever comes then', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const { codes } = await addApp(member);
    const { token } = (await signIn(member)).body.second_factor;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await finish(token, 'wrong')).body.error.code).toBe('second_factor_refused');
    }
    expect((await finish(token, codes[0] ?? '')).body.error.code).toBe('second_factor_expired');
  });

  it('are bounded for a member however often the sign-in is begun anew', async () => {
    const member = await dashboard.join(owner, 'viewer');
    await addApp(member);
    const codes: string[] = [];
    for (let begun = 0; begun < 3; begun += 1) {
      const { token } = (await signIn(member)).body.second_factor;
      for (let attempt = 0; attempt < 5; attempt += 1) codes.push((await finish(token, '123456')).body.error.code);
    }
    expect(codes.filter((code) => code === 'too_many_attempts').length).toBe(5);
  });
});

describe('how one signs in', () => {
  it('is changed only within ten minutes of the password', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const { cookie } = member;
    await runAsAdmin(test.database.adminUrl, [
      [
        `UPDATE member_sessions SET confirmed_time = now() - interval '11 minutes' WHERE member_id = $1`,
        [member.memberId.slice(4)],
      ],
    ]);
    for (const [method, path] of [
      ['POST', '/me/totp'],
      ['POST', '/me/totp:confirm'],
      ['DELETE', '/me/totp'],
      ['POST', '/me/recovery_codes'],
      ['POST', '/me/passkeys:options'],
      ['POST', '/me/passkeys'],
      ['DELETE', `/me/passkeys/pky_${'0'.repeat(26)}`],
    ] as const) {
      const { status, body } = await dashboard.call(method, path, { cookie });
      expect([path, status, body.error.code]).toEqual([path, 403, 'confirmation_required']);
    }
    const confirm = (password: string) => dashboard.call('POST', '/session:confirm', { cookie, body: { password } });
    expect((await confirm('wrong')).status).toBe(403);
    expect((await confirm(PASSWORD)).status).toBe(204);
    expect((await dashboard.call('POST', '/me/totp', { cookie })).status).toBe(200);
  });
});
