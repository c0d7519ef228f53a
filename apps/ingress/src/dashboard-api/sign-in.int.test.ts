import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import type { AuditLogAnswer } from '../management/audit/audit.dto';
import { startApi } from '../management/testing/start-api';
import type { ErrorBody, TestApi } from '../management/testing/start-api';
import { runAsAdmin } from '../testing/seed-directory';
import { connectDashboard, cookieOf, PASSWORD } from './testing/connect-dashboard';
import type { Answer, DashboardClient, SessionBody, SignedIn } from './testing/connect-dashboard';

let test: TestApi;
let dashboard: DashboardClient;
let owner: SignedIn;
let foreign: string;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  dashboard = connectDashboard(test);
});

afterAll(() => test?.stop());

const person = { name: 'Olive Owner', email: 'olive@example.com', password: PASSWORD };

describe('the first owner', () => {
  it('is asked for while there is nobody', async () => {
    const { status, body } = await dashboard.call('GET', '/session');
    expect([status, body.error]).toMatchObject([401, { code: 'unauthenticated', details: { setup_required: true } }]);
  });

  it('is not made by another token, nor with a password that would be guessed', async () => {
    const unknown = await dashboard.call('POST', '/setup', { body: { ...person, token: 'x'.repeat(43) } });
    expect([unknown.status, unknown.body.error.code]).toEqual([410, 'setup_link_unknown']);
    for (const password of ['short', 'password1234', 'olive@example.com', '123456789012', 'aaaaaaaaaaaaaaaa']) {
      const body = { ...person, password, token: test.ingress.setupToken };
      const weak = await dashboard.call('POST', '/setup', { body });
      expect([password, weak.status, weak.body.error.code]).toEqual([password, 422, 'weak_password']);
    }
  });

  it('is made once by the link of the first start, also when it is opened twice at the same time', async () => {
    const body = { ...person, token: test.ingress.setupToken };
    const answers = await Promise.all([1, 2, 3].map(() => dashboard.call<SessionBody>('POST', '/setup', { body })));
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(2);
    const made = answers.find(({ status }) => status === 201);
    if (!made) throw new Error('no owner was made');
    owner = { cookie: cookieOf(made), ...person, memberId: made.body.member.id };
    expect(made.body).toMatchObject({ member: { name: 'Olive Owner', email: 'olive@example.com' }, role: 'owner' });
    // Every environment that there is: also the one of the suite's foreign client.
    expect(made.body.environments.map(({ role }) => role)).toEqual(['owner', 'owner']);
    foreign = made.body.environments.find(({ id }) => id !== test.ingress.credentials.environment_id)?.id ?? '';
    expect(made.headers.get('set-cookie')).toMatch(
      /^rollcall_dashboard=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/,
    );
  });

  it('is not asked for any more', async () => {
    const { body } = await dashboard.call('GET', '/session');
    expect(body.error.details).toBeUndefined();
  });
});

describe('a sign-in', () => {
  it('takes the password in the form it was chosen, and the address in any case', async () => {
    const body = { email: 'OLIVE@example.COM', password: PASSWORD };
    const answer = await dashboard.call<SessionBody>('POST', '/sign_in', { body });
    expect([answer.status, answer.body.member.id]).toEqual([200, owner.memberId]);
    const session = await dashboard.call<SessionBody>('GET', '/session', { cookie: cookieOf(answer) });
    expect(session.body.environment?.id).toBe(test.ingress.credentials.environment_id);
  });

  it('answers a wrong password and an unknown address alike', async () => {
    const wrong = await dashboard.call('POST', '/sign_in', { body: { ...person, name: undefined, password: 'wrong' } });
    const unknown = await dashboard.call('POST', '/sign_in', { body: { email: 'nobody@x.test', password: 'wrong' } });
    expect([wrong.status, wrong.body.error.code]).toEqual([401, 'invalid_credentials']);
    // Each request has a name of its own.
    const errorOf = ({ body }: typeof wrong) => ({ ...body.error, request_id: '' });
    expect(errorOf(unknown)).toEqual(errorOf(wrong));
  });

  it('is told in the audit log, and what was refused is counted there', async () => {
    const { entries } = (await test.api.call<AuditLogAnswer>('GET', '/audit_log?action=sign_in.succeeded')).body;
    expect(entries.find(({ actor }) => actor.type === 'member')).toMatchObject({
      actor: { id: owner.memberId, name: 'Olive Owner' },
      target: { type: 'member', id: owner.memberId },
      ip_address: '127.0.0.1',
    });
    await expect
      .poll(
        async () =>
          (await test.api.call<AuditLogAnswer>('GET', `/audit_log?action=sign_in.refused&target_id=${owner.memberId}`))
            .body.entries[0]?.changes,
        { timeout: 15_000 },
      )
      .toMatchObject({ reason: { to: 'wrong_password' } });
  });

  it('is counted when it is refused, wherever the password was asked for', async () => {
    const refusals = async (memberId: string) => {
      const path = `/audit_log?action=sign_in.refused&target_id=${memberId}`;
      const { entries } = (await test.api.call<AuditLogAnswer>('GET', path)).body;
      return entries.reduce((sum, { changes }) => sum + Number(changes?.['count']?.to ?? 1), 0);
    };
    const member = await dashboard.join(owner, 'viewer');
    const { cookie } = member;
    const invited = await dashboard.call<{ location: string }>('POST', '/members/invitations', {
      cookie: owner.cookie,
      environment: foreign,
      body: { email: member.email, role: 'viewer' },
    });
    const [password, token] = ['wrong', invited.body.location.split('#')[1]];
    const tries: [string, { cookie?: string; body: object }, number][] = [
      ['/session:confirm', { cookie, body: { password } }, 403],
      ['/me/password', { cookie, body: { current_password: password, new_password: PASSWORD } }, 403],
      ['/invitations:accept', { body: { token, password } }, 401],
    ];
    for (const [path, call, status] of tries) {
      expect([path, (await dashboard.call('POST', path, call)).status]).toEqual([path, status]);
    }
    await expect.poll(() => refusals(member.memberId), { timeout: 15_000 }).toBe(3);
  });

  it('finds an account by its address however that is composed, and not by one that only looks alike', async () => {
    const invited = await dashboard.call<{ location: string }>('POST', '/members/invitations', {
      cookie: owner.cookie,
      body: { email: 'ren\u00e9@example.com', role: 'viewer' },
    });
    const token = invited.body.location.split('#')[1];
    await dashboard.call('POST', '/invitations:accept', { body: { token, name: 'Ren\u00e9', password: PASSWORD } });
    const signIn = async (email: string) =>
      (await dashboard.call('POST', '/sign_in', { body: { email, password: PASSWORD } })).status;
    expect(await signIn('RENE\u0301@example.com')).toBe(200);
    expect(await signIn('\uff52en\u00e9@example.com')).toBe(200);
    expect(await signIn('\u24e1en\u00e9@example.com')).toBe(401);
  });

  it('is refused from another site, and as what a form sends', async () => {
    const body = { email: owner.email, password: PASSWORD };
    const foreign: Record<string, string>[] = [{ origin: 'https://evil.test' }, { 'sec-fetch-site': 'cross-site' }];
    for (const headers of foreign) {
      expect((await dashboard.call('POST', '/sign_in', { body, headers })).status).toBe(403);
    }
    const form = await dashboard.call('POST', '/sign_in', { body, headers: { 'content-type': 'text/plain' } });
    expect(form.status).toBe(415);
  });

  it.each([false, true])(
    'opens nothing with a password that is changed before it has ended (second factor: %s)',
    async (hasSecondFactor) => {
      const { memberId, email } = await dashboard.join(owner, 'viewer');
      const id = memberId.slice('mem_'.length);
      const admin = await createDataSource({ url: test.database.adminUrl, poolSize: 2 }).initialize();
      await admin.query('UPDATE members SET has_second_factor = $2 WHERE id = $1', [id, hasSecondFactor]);
      let signingIn: Promise<Answer<ErrorBody>> | undefined;
      await admin.transaction(async (manager) => {
        // What a sign-in opens is looked up when the password was right.
        await manager.query('LOCK TABLE single_sign_on IN ACCESS EXCLUSIVE MODE');
        signingIn = dashboard.call('POST', '/sign_in', { body: { email, password: PASSWORD } });
        const waiting = `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'single_sign_on'::regclass`;
        await waitUntil(async () => (await admin.query<unknown[]>(waiting)).length > 0, { what: 'the sign-in' });
        await manager.query('UPDATE member_credentials SET password_version = 2 WHERE member_id = $1', [id]);
      });
      await admin.destroy();
      const answer = await signingIn;
      expect([answer?.status, answer?.body.error.code]).toEqual([401, 'invalid_credentials']);
    },
  );

  it('ends the session that the browser had', async () => {
    const body = { email: owner.email, password: PASSWORD };
    const first = cookieOf(await dashboard.call('POST', '/sign_in', { body }));
    const second = cookieOf(await dashboard.call('POST', '/sign_in', { body, cookie: first }));
    expect((await dashboard.call('GET', '/session', { cookie: first })).status).toBe(401);
    expect((await dashboard.call('GET', '/session', { cookie: second })).status).toBe(200);
  });

  it('ends once, however often its end is asked for at the same time', async () => {
    const body = { email: owner.email, password: PASSWORD };
    const cookie = cookieOf(await dashboard.call('POST', '/sign_in', { body }));
    const again = Array.from({ length: 4 }, () => dashboard.call('POST', '/sign_in', { body, cookie }));
    expect((await Promise.all(again)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('ends with the sign-out, and is not found with a cookie that was made up or sent twice', async () => {
    const answer = await dashboard.call('POST', '/sign_in', { body: { email: owner.email, password: PASSWORD } });
    const cookie = cookieOf(answer);
    expect((await dashboard.call('GET', '/session', { cookie: `${cookie}; ${cookie}` })).status).toBe(401);
    expect((await dashboard.call('GET', '/session', { cookie: `rollcall_dashboard=${'x'.repeat(43)}` })).status).toBe(
      401,
    );
    const left = await dashboard.call('DELETE', '/session', { cookie });
    expect([left.status, left.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await dashboard.call('GET', '/session', { cookie })).status).toBe(401);
  });

  it('ends after twelve hours without a request, and after a week whatever is done', async () => {
    const cookie = cookieOf(
      await dashboard.call('POST', '/sign_in', { body: { email: owner.email, password: PASSWORD } }),
    );
    const idle = await dashboard.call<SessionBody>('GET', '/session', { cookie });
    const hours = (Date.parse(idle.body.expire_time) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(11.9);
    expect(hours).toBeLessThanOrEqual(12);
    const age = (sql: string) => runAsAdmin(test.database.adminUrl, [[`UPDATE member_sessions SET ${sql}`, []]]);
    await age(`last_seen_time = now() - interval '2 minutes', end_by = now() + interval '1 hour'`);
    await dashboard.call('GET', '/session', { cookie });
    await expect
      .poll(async () => Date.parse((await dashboard.call<SessionBody>('GET', '/session', { cookie })).body.expire_time))
      .toBeLessThan(Date.now() + 3_601_000);
    await age(`expire_time = now() - interval '1 second'`);
    expect((await dashboard.call('GET', '/session', { cookie })).status).toBe(401);
  });
});

describe('guesses at a password', () => {
  it('are refused after some, alike whether there is such a member, and hold up nobody who signed in from there before', async () => {
    const codesOf = async (email: string) => {
      const answers = await Promise.all(
        Array.from({ length: 25 }, (_, index) =>
          dashboard.call('POST', '/sign_in', { body: { email, password: `wrong ${index}` } }),
        ),
      );
      return new Set(answers.map(({ body }) => body.error.code));
    };
    expect(await codesOf('nobody@x.test')).toContain('too_many_attempts');
    const known = await dashboard.call('POST', '/sign_in', { body: { email: owner.email, password: PASSWORD } });
    expect(known.status).toBe(200);
  });
});
