import { Secret, TOTP } from 'otpauth';
import { createTestDatabase, startIdentityProvider } from '@rollcall/testing';
import type { TestIdentityProvider } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRoleEnough } from '@rollcall/contract';
import type { AuditAction, MemberRole } from '@rollcall/contract';
import { migrateDatabase } from '@rollcall/database';
import type { AuditLogAnswer } from '../management/audit/audit.dto';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { routesOf } from '../testing/routes-of';
import { DashboardModule } from './dashboard.module';
import { connectDashboard, PASSWORD } from './testing/connect-dashboard';
import type { DashboardClient, SignedIn } from './testing/connect-dashboard';
import { createSoftwarePasskey } from './testing/software-authenticator';

// Every route of the dashboard's API, of whichever controller the module has: who may call it, and what the audit log says then. A
// new one fails here until it is told.

let test: TestApi;
let dashboard: DashboardClient;
let provider: TestIdentityProvider;
const members = {} as Record<MemberRole, SignedIn>;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
  });
  provider = await startIdentityProvider();
  dashboard = connectDashboard(test);
  members.owner = await dashboard.setUp();
  members.admin = await dashboard.join(members.owner, 'admin');
  members.viewer = await dashboard.join(members.owner, 'viewer');
});

afterAll(async () => {
  await provider?.stop();
  await test?.stop();
});

interface Route {
  method: string;
  /** Below /dashboard/api. */
  path: string;
}

function listRoutes(): Route[] {
  return routesOf(DashboardModule).map(({ method, path }) => ({
    method,
    path: path.replace('/dashboard/api', '').replace('::', ':'),
  }));
}

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const fill = (path: string) =>
  path.replaceAll(/:(\w+_id)/g, (_, name: string) => `${PREFIXES[name]}_${'0'.repeat(26)}`);
const PREFIXES: Record<string, string> = {
  member_id: 'mem',
  invitation_id: 'inv',
  session_id: 'ses',
  passkey_id: 'pky',
};

/** Who may call what: nobody has to be signed in, whoever is a member, or in the environment that the page names, by role. */
const ACCESS: Record<'anybody' | 'member' | MemberRole, string[]> = {
  anybody: [
    'GET /sign_in',
    'GET /sign_in/sso',
    'GET /sign_in/sso/callback',
    'POST /invitations:accept',
    'POST /invitations:look_up',
    'POST /setup',
    'POST /sign_in',
    'POST /sign_in/passkey',
    'POST /sign_in/passkey:options',
    'POST /sign_in/second_factor',
  ],
  member: [
    'DELETE /me/passkeys/:passkey_id',
    'DELETE /me/sessions',
    'DELETE /me/sessions/:session_id',
    'DELETE /me/totp',
    'DELETE /session',
    'GET /me/passkeys',
    'GET /me/sessions',
    'GET /session',
    'PATCH /me',
    'POST /me/passkeys',
    'POST /me/passkeys:options',
    'POST /me/password',
    'POST /me/recovery_codes',
    'POST /me/totp',
    'POST /me/totp:confirm',
    'POST /session:confirm',
  ],
  viewer: ['GET /live', 'GET /members'],
  admin: [],
  owner: [
    'DELETE /members/:member_id',
    'DELETE /members/invitations/:invitation_id',
    'DELETE /single_sign_on',
    'GET /single_sign_on',
    'PATCH /members/:member_id',
    'POST /environments',
    'POST /members/invitations',
    'PUT /single_sign_on',
  ],
};

const inAnEnvironment = (['viewer', 'admin', 'owner'] as const).flatMap((role) =>
  ACCESS[role].map((name) => ({ role, name })),
);

describe('who may call a route', () => {
  it('is stated for each', () => {
    const stated = Object.values(ACCESS).flat();
    expect(listRoutes().map(nameOf).toSorted()).toEqual(stated.toSorted());
  });

  it('is nobody who is not signed in, but for what leads to a session', async () => {
    for (const { method, path } of listRoutes()) {
      if (ACCESS.anybody.includes(nameOf({ method, path }))) continue;
      const answer = await dashboard.call(method, fill(path));
      expect([method, path, answer.status, answer.body.error.code]).toEqual([method, path, 401, 'unauthenticated']);
    }
  });

  it.each(['viewer', 'admin'] as const)(
    'is a member whose role is enough, not one who is %s for more',
    async (role) => {
      for (const { name, role: needed } of inAnEnvironment) {
        const [method = '', path = ''] = name.split(' ');
        const { cookie } = members[role];
        const code = (await dashboard.call(method, fill(path), { cookie })).body.error?.code;
        expect([name, code === 'role_required']).toEqual([name, !isRoleEnough(role, needed)]);
      }
    },
  );

  it('is a member of the environment that the page names, and names it', async () => {
    for (const { name } of inAnEnvironment) {
      const [method = '', path = ''] = name.split(' ');
      const { cookie } = members.owner;
      const nowhere = await dashboard.call(method, fill(path), { cookie, environment: null });
      expect([name, nowhere.body.error.code]).toEqual([name, 'invalid_request']);
      const environment = `env_${'0'.repeat(26)}`;
      const elsewhere = await dashboard.call(method, fill(path), { cookie, environment });
      expect([name, elsewhere.body.error.code]).toEqual([name, 'environment_not_found']);
    }
  });

  it('is no other site', async () => {
    for (const { method, path } of listRoutes()) {
      if (method === 'GET') continue;
      const call = { cookie: members.owner.cookie, headers: { origin: 'https://evil.test' } };
      const { status, body } = await dashboard.call(method, fill(path), call);
      expect([method, path, status, body.error.code]).toEqual([method, path, 403, 'foreign_origin']);
    }
  });
});

interface Call {
  path?: string;
  body?: object;
  cookie?: string;
  actions: AuditAction[];
}

const newMember = () => dashboard.join(members.owner, 'viewer');

async function newInvitation(): Promise<{ id: string; token: string; email: string }> {
  const email = `invited-${Math.random()}@example.com`;
  const { body } = await dashboard.call<{ invitation: { id: string }; location: string }>(
    'POST',
    '/members/invitations',
    {
      cookie: members.owner.cookie,
      body: { email, role: 'viewer' },
    },
  );
  return { id: body.invitation.id, token: body.location.split('#')[1] ?? '', email };
}

async function withTotp(): Promise<SignedIn & { secret: string; codes: string[] }> {
  const member = await newMember();
  const { body } = await dashboard.call<{ secret: string }>('POST', '/me/totp', { cookie: member.cookie });
  const code = TOTP.generate({ secret: Secret.fromBase32(body.secret) });
  const confirmed = await dashboard.call<{ recovery_codes: string[] }>('POST', '/me/totp:confirm', {
    cookie: member.cookie,
    body: { code },
  });
  return { ...member, secret: body.secret, codes: confirmed.body.recovery_codes };
}

async function withPasskey() {
  const member = await newMember();
  const key = createSoftwarePasskey(`http://localhost:${new URL(test.ingress.baseUrl).port}`);
  const offer = { cookie: member.cookie };
  const { body: options } = await dashboard.call<{ challenge: string }>('POST', '/me/passkeys:options', offer);
  const body = { name: 'Key', response: key.register(options) };
  const added = await dashboard.call<{ passkey: { id: string } }>('POST', '/me/passkeys', { ...offer, body });
  return { ...member, key, passkeyId: added.body.passkey.id };
}

const ssoSettings = () => ({
  name: 'Acme ID',
  issuer: provider.issuer,
  client_id: 'rollcall',
  client_secret: 'secret',
  allowed_domains: ['example.com'],
});

/** How each route that writes is called so that it changes something, and what it leaves in the audit log. */
const WRITING: Record<string, () => Promise<Call>> = {
  'POST /sign_in': async () => ({
    body: { email: members.viewer.email, password: PASSWORD },
    actions: ['sign_in.succeeded'],
  }),
  'POST /sign_in/second_factor': async () => {
    const { email, codes } = await withTotp();
    const step = await dashboard.call<{ second_factor: { token: string } }>('POST', '/sign_in', {
      body: { email, password: PASSWORD },
    });
    return { body: { token: step.body.second_factor.token, code: codes[0] }, actions: ['sign_in.succeeded'] };
  },
  'POST /sign_in/passkey': async () => {
    const { key } = await withPasskey();
    const { body } = await dashboard.call<{ challenge: string }>('POST', '/sign_in/passkey:options');
    return { body: { response: key.authenticate(body) }, actions: ['sign_in.succeeded'] };
  },
  'POST /invitations:accept': async () => {
    const { token } = await newInvitation();
    return { body: { token, name: 'New', password: PASSWORD }, actions: ['member.joined', 'sign_in.succeeded'] };
  },
  'POST /members/invitations': async () => ({
    body: { email: 'one@example.com', role: 'viewer' },
    actions: ['member.invited'],
  }),
  'DELETE /members/invitations/:invitation_id': async () => ({
    path: `/members/invitations/${(await newInvitation()).id}`,
    actions: ['invitation.revoked'],
  }),
  'PATCH /members/:member_id': async () => ({
    path: `/members/${(await newMember()).memberId}`,
    body: { role: 'admin' },
    actions: ['member.role_changed'],
  }),
  'DELETE /members/:member_id': async () => ({
    path: `/members/${(await newMember()).memberId}`,
    actions: ['member.removed'],
  }),
  'PATCH /me': async () => ({
    cookie: (await newMember()).cookie,
    body: { name: 'Renamed' },
    actions: ['member.updated'],
  }),
  'POST /me/password': async () => ({
    cookie: (await newMember()).cookie,
    body: { current_password: PASSWORD, new_password: 'another walk on the beach' },
    actions: ['password.changed'],
  }),
  'DELETE /me/sessions': async () => {
    const { email, cookie } = await newMember();
    await dashboard.call('POST', '/sign_in', { body: { email, password: PASSWORD } });
    return { cookie, actions: ['session.ended'] };
  },
  'DELETE /me/sessions/:session_id': async () => {
    const { cookie } = await newMember();
    const { body } = await dashboard.call<{ sessions: { id: string }[] }>('GET', '/me/sessions', { cookie });
    return { cookie, path: `/me/sessions/${body.sessions[0]?.id}`, actions: ['session.ended'] };
  },
  'DELETE /session': async () => ({ cookie: (await newMember()).cookie, actions: ['session.ended'] }),
  'POST /me/totp:confirm': async () => {
    const { cookie } = await newMember();
    const { body } = await dashboard.call<{ secret: string }>('POST', '/me/totp', { cookie });
    const code = TOTP.generate({ secret: Secret.fromBase32(body.secret) });
    return { cookie, body: { code }, actions: ['second_factor.added'] };
  },
  'DELETE /me/totp': async () => ({ cookie: (await withTotp()).cookie, actions: ['second_factor.removed'] }),
  'POST /me/recovery_codes': async () => ({ cookie: (await withTotp()).cookie, actions: ['recovery_codes.renewed'] }),
  'POST /me/passkeys': async () => {
    const { cookie } = await newMember();
    const key = createSoftwarePasskey(`http://localhost:${new URL(test.ingress.baseUrl).port}`);
    const { body } = await dashboard.call<{ challenge: string }>('POST', '/me/passkeys:options', { cookie });
    return { cookie, body: { name: 'Key', response: key.register(body) }, actions: ['passkey.added'] };
  },
  'DELETE /me/passkeys/:passkey_id': async () => {
    const { cookie, passkeyId } = await withPasskey();
    return { cookie, path: `/me/passkeys/${passkeyId}`, actions: ['passkey.removed'] };
  },
  'PUT /single_sign_on': async () => ({ body: ssoSettings(), actions: ['single_sign_on.updated'] }),
  'DELETE /single_sign_on': async () => ({ actions: ['single_sign_on.removed'] }),
};

/**
 * What writes nothing that anybody has to prove: a look-up, a question, what comes into force with another call. Of the first owner
 * and of a new environment their own tests tell, for their entries stand in the new environment's log, or there is one owner.
 */
const SILENT = [
  'POST /environments',
  'POST /invitations:look_up',
  'POST /me/passkeys:options',
  'POST /me/totp',
  'POST /session:confirm',
  'POST /setup',
  'POST /sign_in/passkey:options',
];

it('leaves an entry in the audit log of every route that writes', async () => {
  const writing = listRoutes().filter(({ method }) => method !== 'GET');
  expect(writing.map(nameOf).toSorted()).toEqual([...Object.keys(WRITING), ...SILENT].toSorted());
  for (const [name, prepare] of Object.entries(WRITING)) {
    const [method = '', path = ''] = name.split(' ');
    const { cookie = members.owner.cookie, body, actions, path: given = path } = await prepare();
    const isOpen = ACCESS.anybody.includes(name);
    const answer = await dashboard.call(method, given, { body, ...(!isOpen && { cookie }) });
    expect([name, answer.status < 300, answer.body?.error]).toEqual([name, true, undefined]);
    const { entries } = (await test.api.call<AuditLogAnswer>('GET', '/audit_log')).body;
    const left = entries.filter((entry) => entry.request_id === answer.headers.get('x-request-id'));
    expect([name, left.map(({ action }) => action).toSorted()]).toEqual([name, actions]);
    for (const { actor } of left) expect(actor).toMatchObject({ type: 'member', id: expect.stringMatching(/^mem_/) });
  }
});
