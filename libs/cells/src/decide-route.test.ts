import { describe, expect, it } from 'vitest';
import { decideRoute, originFormOf } from './decide-route';

const control = { kind: 'control', configures: false };
const configuring = { kind: 'control', configures: true };

const CASES: [string, unknown][] = [
  ['GET /readyz', { kind: 'health' }],
  ['GET /scim/01abc/v2/Users?startIndex=1', { kind: 'directory', key: '01abc' }],
  ['POST //scim//01abc//v2/Users/', { kind: 'directory', key: '01abc' }],
  ['GET /scim/scalekit.dir_1/v2/Users', { kind: 'directory', key: 'scalekit.dir_1' }],
  ['GET /api/v1/organizations', { kind: 'list', list: { items: 'organizations', newestFirst: false } }],
  ['GET /api/v1/organizations:search?query=a', { kind: 'list', list: { items: 'organizations', newestFirst: false } }],
  ['HEAD /api/v1/organizations/', { kind: 'list', list: { items: 'organizations', newestFirst: false } }],
  ['POST /api/v1/organizations', { kind: 'create_organization' }],
  ['GET /api/v1/organizations:external/a%2Fb', { kind: 'first' }],
  ['PATCH /api/v1/organizations:external/a', { kind: 'update_organization', id: null }],
  ['PATCH /api/v1/organizations/org_1', { kind: 'update_organization', id: 'org_1' }],
  ['PATCH /api/v1/organizations/org_1/settings', { kind: 'organization', id: 'org_1' }],
  ['DELETE /api/v1/organizations/org_1', { kind: 'organization', id: 'org_1' }],
  ['POST /api/v1/organizations/org_1:erase', { kind: 'erase', organization: 'org_1' }],
  ['POST /api/v1/organizations/org_1%3Aerase', { kind: 'erase', organization: 'org_1' }],
  [
    'POST /api/v1/organizations/org_1/directories/dir_1/users/diruser_1:erase',
    { kind: 'erase', organization: 'org_1' },
  ],
  ['GET /api/v1/organizations/org_1/directories/dir_1/snapshot', { kind: 'organization', id: 'org_1' }],
  ['PATCH /api/v1/organizations/org_1/directories/dir_1:enable', { kind: 'organization', id: 'org_1' }],
  ['GET /api/v1/events?directory_id=dir_1', { kind: 'feed' }],
  ['GET /api/v1/events:latest', { kind: 'list', list: { items: 'events', newestFirst: true } }],
  ['GET /api/v1/events/evt_1', { kind: 'first' }],
  ['GET /api/v1/events/evt_1/deliveries', { kind: 'list', list: { items: 'deliveries', newestFirst: true } }],
  ['POST /api/v1/events/paginated', { kind: 'list', list: { items: 'events', newestFirst: true, forwards: true } }],
  ['GET /api/v1/audit_log', { kind: 'list', list: { items: 'entries', newestFirst: true, exports: true } }],
  ['GET /api/v1/mail', { kind: 'list', list: { items: 'mails', newestFirst: true, most: 20 } }],
  ['POST /api/v1/mail:test', configuring],
  ['GET /api/v1/overview', { kind: 'overview' }],
  ['GET /api/v1/erasures/era_1', { kind: 'first' }],
  ['GET /api/v1/webhook_endpoints', control],
  ['POST /api/v1/webhook_endpoints', configuring],
  ['PATCH /api/v1/webhook_endpoints/whe_1', configuring],
  ['GET /api/v1/webhook_endpoints/whe_1/replays', { kind: 'list', list: { items: 'replays', newestFirst: true } }],
  ['GET /api/v1/webhook_endpoints/whe_1/deliveries/dlv_1', { kind: 'first' }],
  ['POST /api/v1/webhook_endpoints/whe_1/deliveries/dlv_1:retry', { kind: 'first' }],
  ['POST /api/v1/webhook_endpoints/whe_1/replays/rpl_1:cancel', { kind: 'first' }],
  ['POST /api/v1/webhook_endpoints/whe_1:replay', { kind: 'every', adds: 'replays' }],
  ['POST /api/v1/webhook_endpoints/whe_1:test', configuring],
  ['POST /api/v1/webhook_endpoints/whe_1:discard_pending', { kind: 'every', adds: 'canceled' }],
  ['DELETE /api/v1/roles/admin', { kind: 'delete_role' }],
  ['PATCH /api/v1/roles:set_defaults', configuring],
  ['OPTIONS /api/v1/roles', control],
  ['GET /dashboard/api/live?environment=env_1&organization=org_1', { kind: 'organization', id: 'org_1' }],
  ['GET /dashboard/api/sign_in/sso/callback?code=1', configuring],
  ['POST /dashboard/api/sign_in', configuring],
  ['GET /dashboard/api/me/sessions', control],
  ['GET /dashboard/organizations/org_1', control],
  ['GET /portal', { kind: 'portal', credential: 'session' }],
  ['GET /portal/api/directories', { kind: 'portal', credential: 'session' }],
  ['DELETE /portal/api/session', { kind: 'portal', credential: 'session' }],
  ['POST /portal/api/session', { kind: 'portal', credential: 'link' }],
  ['POST /portal/api/session/code', { kind: 'portal', credential: 'link' }],
  ['POST /portal/api/hand_over/token', { kind: 'portal', credential: 'hand_over' }],
  ['POST /portal/api/unsubscribe', { kind: 'first' }],
  ['GET /portal/api/embedding?environment=env_1', control],
  ['GET /portal/logos/1', control],
  ['POST /oauth/token', { kind: 'token' }],
  ['POST /api/v1/api_clients', { kind: 'create_client' }],
  ['GET /api/v1/api_clients', control],
  ['PATCH /api/v1/api_clients/clt_1', { kind: 'client' }],
  ['POST /api/v1/api_clients/clt_1/secret:rotate', { kind: 'client' }],
  ['GET /keys', control],
  ['GET /organizations?limit=1', { kind: 'cursor_list' }],
  ['POST /organizations', { kind: 'create_organization' }],
  ['GET /organizations/external_id/a%2Fb', { kind: 'first' }],
  ['GET /organizations/org_1', { kind: 'named', id: 'org_1', of: 'workos' }],
  ['PUT /organizations/org_1', { kind: 'update_organization', id: 'org_1', of: 'workos' }],
  ['GET /directories', { kind: 'cursor_list' }],
  ['GET /directories?organization_id=org_1', { kind: 'named', id: 'org_1', of: 'workos' }],
  ['DELETE /directories/directory_1', { kind: 'named', id: 'directory_1', of: 'workos' }],
  ['GET /directory_users/diruser_1', { kind: 'first' }],
  ['GET /directory_users?directory=dir_1&group=dirgroup_1', { kind: 'named', id: 'dir_1', of: 'workos' }],
  ['GET /directory_groups?user=diruser_1', { kind: 'first', mayRefuse: true }],
  ['GET /events?events=dsync.activated', { kind: 'workos_events' }],
  ['POST /portal/generate_link', { kind: 'portal_link' }],
  [
    'POST /scalekit.v1.organizations.OrganizationService/ListOrganization',
    { kind: 'list', list: { items: 'organizations', newestFirst: false } },
  ],
  ['POST /scalekit.v1.organizations.OrganizationService/CreateOrganization', { kind: 'create_organization' }],
  [
    'POST /scalekit.v1.organizations.OrganizationService/UpdateOrganization',
    { kind: 'update_organization', id: null, of: 'scalekit' },
  ],
  ['POST /scalekit.v1.organizations.OrganizationService/UpdateOrganizationSettings', { kind: 'call' }],
  ['POST /scalekit.v1.directories.DirectoryService/ListDirectoryUsers', { kind: 'call' }],
  [
    'POST /scalekit.v1.events.EventsService/ListEventsPaginated',
    { kind: 'list', list: { items: 'events', newestFirst: true, forwards: true } },
  ],
  ['POST /scalekit.v1.roles.RolesService/DeleteRole', { kind: 'delete_role' }],
  ['POST /scalekit.v1.roles.RolesService/UpdateDefaultRoles', configuring],
  ['POST /scalekit.v1.roles.RolesService/ListRoles', control],
  ['POST /scalekit.v1.users.UserService/ListUsers', control],
  ['GET /%zz', control],
];

describe('a request goes to', () => {
  it.each(CASES)('%s', (request, route) => {
    const [method = '', url = ''] = request.split(' ');
    expect(decideRoute(method, url)).toEqual(route);
  });
});

it.each([
  ['/api/v1/events?after=//x', '/api/v1/events?after=//x'],
  ['//api/v1/events', '/api/v1/events'],
  ['http://rollcall.test/api/v1/events', '/api/v1/events'],
  ['HTTPS://rollcall.test:443//scim/1/v2/Users?x=http://y', '/scim/1/v2/Users?x=http://y'],
  ['http://rollcall.test', '/'],
  ['http://rollcall.test?x=1', '/?x=1'],
])('the target %s is taken as %s', (target, origin) => {
  expect(originFormOf(target)).toBe(origin);
});
