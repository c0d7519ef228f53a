import { createTestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { isRoleEnough, MEMBER_ROLES } from '@rollcall/contract';
import type { MemberRole } from '@rollcall/contract';
import { connectDashboard } from '../../dashboard-api/testing/connect-dashboard';
import type { DashboardCall, DashboardClient, SignedIn } from '../../dashboard-api/testing/connect-dashboard';
import type { AuditLogAnswer } from '../audit/audit.dto';
import { drain } from '../testing/drain.test-support';
import { startApi } from '../testing/start-api';
import type { TestApi } from '../testing/start-api';
import { isReading, nameOf, unless, walkOperations } from '../testing/walk-operations';
import type { Call, OperationWalk } from '../testing/walk-operations';

// The management API as the dashboard's pages call it: every operation of the OpenAPI document with each role.

let test: TestApi;
let walk: OperationWalk;
let dashboard: DashboardClient;
const members = {} as Record<MemberRole, SignedIn>;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
  });
  walk = await walkOperations(test);
  await drain(test.database.appUrl, walk.known['directory_id'] ?? '');
  dashboard = connectDashboard(test);
  members.owner = await dashboard.setUp();
  members.admin = await dashboard.join(members.owner, 'admin');
  members.viewer = await dashboard.join(members.owner, 'viewer');
});

afterAll(() => test?.stop());

/** What only an owner does, because it cannot be undone, or makes a credential that does what only an owner may. */
const OF_OWNERS = [
  'createApiClient',
  'eraseDirectoryUser',
  'eraseOrganization',
  'revokeApiClient',
  'rotateApiClient',
  'updateApiClient',
];

const roleOf = (call: Call): MemberRole =>
  OF_OWNERS.includes(call.operationId) ? 'owner' : isReading(call) ? 'viewer' : 'admin';

function tryAs(role: MemberRole, call: Call, request: DashboardCall = {}) {
  return dashboard.callApi(call.method, walk.fill(call), {
    cookie: members[role].cookie,
    body: walk.rightBody(call),
    ...request,
  });
}

it('is stated by every operation: the least role of a member', () => {
  for (const call of walk.calls) {
    expect([nameOf(call), call['x-member-role']]).toEqual([nameOf(call), roleOf(call)]);
  }
});

describe.each(['viewer', 'admin'] as const)('a member who is %s', (role) => {
  it('reads everything, and is refused with 403 exactly what takes more', async () => {
    const wrong = await walk.findWrong(async (call) => {
      if (isRoleEnough(role, roleOf(call))) {
        if (!isReading(call)) return [];
        const { status } = await tryAs(role, call);
        return [status !== 200 && `reading: ${status}`];
      }
      return [unless(await tryAs(role, call), 403, /^role_required$/, 'above the role')];
    });
    expect(wrong).toEqual([]);
  });
});

it('lets an admin change what is not an owner’s, and an owner everything', async () => {
  for (const role of ['admin', 'owner'] as const) {
    const call = { cookie: members[role].cookie, body: { role_name: `by-${role}` } };
    expect((await dashboard.callApi('POST', '/roles', call)).status).toBe(201);
  }
});

describe('a page of the dashboard', () => {
  it('says which environment it shows: without it 400, and 404 for one in which its member has no role', async () => {
    const wrong = await walk.findWrong(async (call) => [
      unless(await tryAs('owner', call, { environment: null }), 400, /^invalid_request$/, 'without an environment'),
      unless(await tryAs('owner', call, { environment: 'env_x' }), 404, /^environment_not_found$/, 'without an id'),
      unless(
        await tryAs('viewer', call, { environment: `env_${'0'.repeat(26)}` }),
        404,
        /^environment_not_found$/,
        'of another environment',
      ),
    ]);
    expect(wrong).toEqual([]);
  });

  it('sees the objects of the environment that it names, in a session of several', async () => {
    const session = await dashboard.call<{ environments: { id: string; name: string }[] }>('GET', '/session', {
      cookie: members.owner.cookie,
    });
    const other = session.body.environments.find(({ id }) => id !== test.ingress.credentials.environment_id);
    const found = await dashboard.callApi('GET', `/organizations/${walk.known['organization_id']}`, {
      cookie: members.owner.cookie,
      environment: other?.id,
    });
    expect([found.status, found.body.error.code]).toEqual([404, 'organization_not_found']);
  });

  it('changes nothing when it is of another site, and sends nothing but JSON', async () => {
    const wrong = await walk.findWrong(async (call) => {
      if (isReading(call)) return [];
      const foreign = { origin: 'https://evil.test' };
      const sibling = { 'sec-fetch-site': 'same-site' };
      const form = { 'content-type': 'text/plain' };
      return [
        unless(await tryAs('owner', call, { headers: foreign }), 403, /^foreign_origin$/, 'from another origin'),
        unless(await tryAs('owner', call, { headers: sibling }), 403, /^foreign_origin$/, 'from a sibling site'),
        unless(await tryAs('owner', call, { headers: form }), 415, /^unsupported_media_type$/, 'as text'),
      ];
    });
    expect(wrong).toEqual([]);
  });

  it('is nobody with a cookie that opens nothing', async () => {
    const cookie = `rollcall_dashboard=${'x'.repeat(43)}`;
    const { status, body } = await dashboard.callApi('GET', '/organizations', { cookie });
    expect([status, body.error.code]).toEqual([401, 'unauthenticated']);
  });
});

it('names the member in the audit log', async () => {
  const body = { display_name: 'Made in the dashboard' };
  const made = await dashboard.callApi('POST', '/organizations', { cookie: members.admin.cookie, body });
  const { entries } = (await test.api.call<AuditLogAnswer>('GET', '/audit_log?action=organization.created')).body;
  expect(entries.find(({ request_id: id }) => id === made.headers.get('x-request-id'))).toMatchObject({
    actor: { type: 'member', id: members.admin.memberId },
    target: { name: 'Made in the dashboard' },
  });
});

it('lets a member do nothing any more once the removal was answered', async () => {
  const late = await dashboard.join(members.owner, 'admin');
  await dashboard.call('DELETE', `/members/${late.memberId}`, { cookie: members.owner.cookie });
  const body = { display_name: 'Too late' };
  expect((await dashboard.callApi('POST', '/organizations', { cookie: late.cookie, body })).status).toBe(401);
});

it('knows the roles that there are', () => expect(MEMBER_ROLES).toEqual(['owner', 'admin', 'viewer']));
