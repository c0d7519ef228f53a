import { createTestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { createSealer } from '@rollcall/platform';
import type { MemberRole } from '@rollcall/contract';
import type { AuditLogAnswer } from '../management/audit/audit.dto';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { runAsAdmin } from '../testing/seed-directory';
import { connectDashboard, cookieOf, PASSWORD } from './testing/connect-dashboard';
import type { DashboardClient, SessionBody, SignedIn } from './testing/connect-dashboard';

let test: TestApi;
let dashboard: DashboardClient;
let owner: SignedIn;
let other: string;

interface Invited {
  invitation: { id: string; email: string; role: MemberRole };
  location: string;
}

interface Members {
  members: { id: string; email: string; role: MemberRole; second_factor: boolean }[];
  invitations: { id: string; email: string }[];
}

beforeAll(async () => {
  // Nothing is sent from here: the worker would.
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    SMTP_URL: 'smtp://127.0.0.1:9',
    MAIL_FROM: 'rollcall@example.com',
  });
  dashboard = connectDashboard(test);
  owner = await dashboard.setUp();
  const { body } = await dashboard.call<SessionBody>('GET', '/session', { cookie: owner.cookie });
  other = body.environments.find(({ id }) => id !== test.ingress.credentials.environment_id)?.id ?? '';
});

afterAll(() => test?.stop());

const list = async (environment?: string) =>
  (await dashboard.call<Members>('GET', '/members', { cookie: owner.cookie, environment })).body;

async function invite(
  email: string,
  role: MemberRole = 'admin',
  environment?: string,
): Promise<Invited & { token: string }> {
  const call = { cookie: owner.cookie, body: { email, role }, environment };
  const { body } = await dashboard.call<Invited>('POST', '/members/invitations', call);
  return { ...body, token: body.location.split('#')[1] ?? '' };
}

const accept = (body: object, cookie?: string) =>
  dashboard.call<SessionBody>('POST', '/invitations:accept', { body, cookie });

describe('an invitation', () => {
  it('says what it is for to whoever has its link, and makes a member of that role, once', async () => {
    const { token, location } = await invite('ann@example.com');
    expect(location).toMatch(/\/dashboard\/invitation#[\w-]{43}$/);
    const seen = await dashboard.call('POST', '/invitations:look_up', { body: { token } });
    expect(seen.body).toEqual({
      email: 'ann@example.com',
      role: 'admin',
      environment: { name: 'Default' },
      member_exists: false,
    });
    const body = { token, name: 'Ann', password: PASSWORD };
    const answers = await Promise.all([accept(body), accept(body)]);
    const codes = answers.map(({ status }) => status);
    expect(codes.filter((status) => status === 201)).toHaveLength(1);
    const joined = answers.find(({ status }) => status === 201);
    expect(joined?.body).toMatchObject({ role: 'admin', environments: [{ role: 'admin' }] });
    expect((await accept(body)).status).toBe(410);
  });

  it('goes out as a mail with the change that it tells of, sealed until then', async () => {
    const { location } = await invite('mailed@example.com');
    const [mail] = await runAsAdmin<{ id: string; kind: string; sealed_message: string }>(test.database.adminUrl, [
      ['SELECT id, kind, sealed_message FROM mails ORDER BY id DESC LIMIT 1', []],
    ]);
    const opened = createSealer(test.ingress.keys).open(mail?.sealed_message ?? '', 'mail', mail?.id ?? '');
    const message = JSON.parse(opened) as { to: string; text: string };
    expect([mail?.kind, message.to]).toEqual(['invitation', 'mailed@example.com']);
    expect(message.text).toContain('Olive Owner invites you to the dashboard of Default, as admin');
    expect(message.text).toContain(location);
  });

  it('asks a new member for a good password', async () => {
    const { token } = await invite('weak@example.com');
    const weak = await accept({ token, name: 'W', password: 'weak@example.com' });
    expect(weak.status).toBe(422);
  });

  it('ends when another one goes to the same address, when it is taken back, and after a week', async () => {
    const [first, second] = [await invite('bob@example.com'), await invite('bob@example.com')];
    const look = async (token: string) =>
      (await dashboard.call('POST', '/invitations:look_up', { body: { token } })).body.error?.code;
    expect(await look(first.token)).toBe('invitation_not_found');
    expect(await look(second.token)).toBeUndefined();
    await runAsAdmin(test.database.adminUrl, [
      [
        `UPDATE member_invitations SET expire_time = now() - interval '1 second' WHERE email_key = 'bob@example.com'`,
        [],
      ],
    ]);
    expect(await look(second.token)).toBe('invitation_expired');
    const third = await invite('bob@example.com');
    const path = `/members/invitations/${third.invitation.id}`;
    expect((await dashboard.call('DELETE', path, { cookie: owner.cookie })).status).toBe(204);
    expect(await look(third.token)).toBe('invitation_not_found');
    expect((await dashboard.call('DELETE', path, { cookie: owner.cookie })).status).toBe(404);
  });

  it('joins a member who exists with its own password, or in its own session, and nobody else', async () => {
    const eve = await dashboard.join(owner, 'viewer');
    const { token } = await invite(eve.email, 'admin', other);
    expect((await accept({ token, name: 'X', password: 'something else entirely' })).status).toBe(401);
    expect((await accept({ token }, owner.cookie)).status).toBe(400);
    const joined = await accept({ token }, eve.cookie);
    expect([joined.status, joined.body.environments.map(({ role }) => role).toSorted()]).toEqual([
      201,
      ['admin', 'viewer'],
    ]);
    const again = await invite(`second-${eve.email}`, 'admin', other);
    expect((await accept({ token: again.token, name: 'Y', password: PASSWORD })).status).toBe(201);
  });

  it('is refused for an address that is a member', async () => {
    const call = { cookie: owner.cookie, body: { email: 'OLIVE@example.com', role: 'viewer' } };
    const { status, body } = await dashboard.call('POST', '/members/invitations', call);
    expect([status, body.error.code]).toEqual([409, 'member_exists']);
  });
});

describe('the members of an environment', () => {
  it('are listed with their roles, without those of another environment', async () => {
    const member = await dashboard.join(owner, 'viewer');
    expect((await list()).members).toContainEqual({
      id: member.memberId,
      name: expect.any(String),
      email: member.email,
      role: 'viewer',
      last_seen_time: expect.any(String),
      second_factor: false,
    });
    expect((await list(other)).members.map(({ id }) => id)).not.toContain(member.memberId);
  });

  it('get other roles from an owner, at once and in the audit log', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const path = `/members/${member.memberId}`;
    const changed = await dashboard.call('PATCH', path, { cookie: owner.cookie, body: { role: 'admin' } });
    expect([changed.status, changed.body]).toMatchObject([200, { member: { role: 'admin' } }]);
    const seen = await dashboard.call<SessionBody>('GET', '/session', { cookie: member.cookie });
    expect(seen.body.role).toBe('admin');
    const { entries } = (await test.api.call<AuditLogAnswer>('GET', `/audit_log?target_id=${member.memberId}`)).body;
    expect(entries[0]).toMatchObject({
      action: 'member.role_changed',
      actor: { type: 'member', id: owner.memberId },
      changes: { role: { from: 'viewer', to: 'admin' } },
    });
  });

  it('are changed by owners alone, and only in their environment', async () => {
    const admin = await dashboard.join(owner, 'admin');
    const path = `/members/${owner.memberId}`;
    for (const [method, at] of [
      ['PATCH', path],
      ['DELETE', path],
      ['POST', '/members/invitations'],
      ['DELETE', `/members/invitations/inv_${'0'.repeat(26)}`],
      ['POST', '/environments'],
    ] as const) {
      const answer = await dashboard.call(method, at, { cookie: admin.cookie, body: {} });
      expect([method, at, answer.body.error.code]).toEqual([method, at, 'role_required']);
    }
    const elsewhere = { cookie: owner.cookie, environment: other };
    expect((await dashboard.call('DELETE', `/members/${admin.memberId}`, elsewhere)).status).toBe(404);
  });

  it('keep one owner, also when two owners take the role from each other', async () => {
    const path = `/members/${owner.memberId}`;
    const last = await dashboard.call('PATCH', path, { cookie: owner.cookie, body: { role: 'viewer' } });
    expect([last.status, last.body.error.code]).toEqual([409, 'last_owner']);
    expect((await dashboard.call('DELETE', path, { cookie: owner.cookie })).status).toBe(409);
    const second = await dashboard.join(owner, 'owner');
    await Promise.all([
      dashboard.call('PATCH', path, { cookie: second.cookie, body: { role: 'viewer' } }),
      dashboard.call('PATCH', `/members/${second.memberId}`, { cookie: owner.cookie, body: { role: 'viewer' } }),
    ]);
    const owners = (await dashboard.call<Members>('GET', '/members', { cookie: second.cookie })).body.members.filter(
      ({ role }) => role === 'owner',
    );
    expect(owners).toHaveLength(1);
    if (owners[0]?.id === owner.memberId) return;
    await dashboard.call('PATCH', path, { cookie: second.cookie, body: { role: 'owner' } });
  });

  it('are gone with everything when they leave their last environment, and may come again', async () => {
    const member = await dashboard.join(owner, 'viewer');
    expect((await dashboard.call('DELETE', `/members/${member.memberId}`, { cookie: owner.cookie })).status).toBe(204);
    expect((await dashboard.call('GET', '/session', { cookie: member.cookie })).status).toBe(401);
    const body = { email: member.email, password: PASSWORD };
    expect((await dashboard.call('POST', '/sign_in', { body })).status).toBe(401);
    const { token } = await invite(member.email);
    expect((await accept({ token, name: 'Back', password: PASSWORD })).status).toBe(201);
  });
});

describe('an environment', () => {
  it('that an owner makes is the owner’s, and nobody else’s', async () => {
    const answer = await dashboard.call<{ environment: { id: string } }>('POST', '/environments', {
      cookie: owner.cookie,
      body: { name: 'Staging' },
    });
    expect(answer.status).toBe(201);
    const { id } = answer.body.environment;
    expect((await list(id)).members.map((member) => member.id)).toEqual([owner.memberId]);
    const made = await dashboard.callApi('POST', '/organizations', {
      cookie: owner.cookie,
      environment: id,
      body: { display_name: 'Acme' },
    });
    expect(made.status).toBe(201);
    const log = await dashboard.callApi<AuditLogAnswer>('GET', '/audit_log', { cookie: owner.cookie, environment: id });
    expect(log.body.entries.map(({ action, actor }) => [action, actor.id])).toEqual([
      ['organization.created', owner.memberId],
      ['environment.created', owner.memberId],
    ]);
    const stranger = await dashboard.join(owner, 'admin');
    const refused = await dashboard.callApi('GET', '/organizations', { cookie: stranger.cookie, environment: id });
    expect(refused.status).toBe(404);
  });
});

describe('the environments of a member', () => {
  it('are bounded, also when several are made at once and single sign-on hides some', async () => {
    const maker = await dashboard.join(owner, 'owner');
    const memberId = maker.memberId.slice(4);
    await runAsAdmin(test.database.adminUrl, [
      [`INSERT INTO environments (id, name) SELECT 'of-maker-' || n, 'E ' || n FROM generate_series(1, 48) n`, []],
      [
        `INSERT INTO member_roles (environment_id, member_id, role)
         SELECT 'of-maker-' || n, $1, 'owner' FROM generate_series(1, 48) n`,
        [memberId],
      ],
      [
        `INSERT INTO single_sign_on (environment_id, name, issuer, client_id, sealed_client_secret, allowed_domains, required)
         VALUES ('of-maker-1', 'x', 'https://id.test', 'x', 'x', '{example.com}', true)`,
        [],
      ],
    ]);
    const make = () => dashboard.call('POST', '/environments', { cookie: maker.cookie, body: { name: 'One more' } });
    const answers = await Promise.all([make(), make(), make()]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 422, 422]);
    expect(answers.flatMap(({ body }) => body.error?.code ?? [])).toEqual([
      'too_many_environments',
      'too_many_environments',
    ]);
  });
});

describe('a member’s own account', () => {
  it('has sessions that can be ended, one by one or all others', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const credentials = { email: member.email, password: PASSWORD };
    const signIn = async () => cookieOf(await dashboard.call('POST', '/sign_in', { body: credentials }));
    const [second, third] = [await signIn(), await signIn()];
    const { body } = await dashboard.call<{ sessions: { id: string; current: boolean; method: string }[] }>(
      'GET',
      '/me/sessions',
      { cookie: second },
    );
    expect(body.sessions.map(({ method }) => method).toSorted()).toEqual(['invitation', 'password', 'password']);
    expect(body.sessions.filter(({ current }) => current)).toHaveLength(1);
    const stranger = await dashboard.join(owner, 'viewer');
    const path = `/me/sessions/${body.sessions.find(({ current }) => current)?.id}`;
    expect((await dashboard.call('DELETE', path, { cookie: stranger.cookie })).status).toBe(404);
    expect((await dashboard.call('DELETE', path, { cookie: third })).status).toBe(204);
    expect((await dashboard.call('GET', '/session', { cookie: second })).status).toBe(401);
    expect((await dashboard.call('DELETE', '/me/sessions', { cookie: third })).status).toBe(204);
    expect((await dashboard.call('GET', '/session', { cookie: member.cookie })).status).toBe(401);
    expect((await dashboard.call('GET', '/session', { cookie: third })).status).toBe(200);
  });

  it('gets another password for the present one, which ends every other session', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const fresh = 'another walk on the beach';
    const change = (current: string, chosen: string) =>
      dashboard.call('POST', '/me/password', {
        cookie: member.cookie,
        body: { current_password: current, new_password: chosen },
      });
    const credentials = { email: member.email, password: PASSWORD };
    const second = cookieOf(await dashboard.call('POST', '/sign_in', { body: credentials }));
    expect((await change('wrong', fresh)).status).toBe(403);
    expect((await change(PASSWORD, 'short')).status).toBe(422);
    expect((await change(PASSWORD, fresh)).status).toBe(204);
    expect((await dashboard.call('GET', '/session', { cookie: member.cookie })).status).toBe(200);
    expect((await dashboard.call('GET', '/session', { cookie: second })).status).toBe(401);
    expect((await dashboard.call('POST', '/sign_in', { body: credentials })).status).toBe(401);
    const changed = { email: member.email, password: fresh };
    expect((await dashboard.call('POST', '/sign_in', { body: changed })).status).toBe(200);
  });

  it('gets another name', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const renamed = await dashboard.call('PATCH', '/me', { cookie: member.cookie, body: { name: 'Zoë' } });
    expect([renamed.status, renamed.body]).toMatchObject([200, { member: { name: 'Zoë' } }]);
  });
});
