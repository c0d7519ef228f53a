import { afterAll, beforeAll, expect, it } from 'vitest';
import { HAND_OVER_HEADER } from '@rollcall/contract';
import type { AuditAction } from '@rollcall/contract';
import { migrateDatabase } from '@rollcall/database';
import { unsubscribeToken } from '@rollcall/management';
import { deriveKeys } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import { listRoutes } from '../../portal-api/testing/list-routes';
import type { DirectoryItem } from '../directories/directory.dto';
import { pathOf, startApi } from '../testing/start-api';
import type { TestApi } from '../testing/start-api';
import { WritableApi } from '../testing/writable-api';
import type { Answer } from '../testing/writable-api';
import type { AuditEntryItem, AuditLogAnswer } from './audit.dto';

// Every route that writes is called once, of the OpenAPI document and of the portal's API. A new one fails here until it is told
// how to call it and what the audit log then says.

let test: TestApi;
const writable = new WritableApi(() => test);
const { api, send, secrets, organizations } = writable;
const {
  newClient,
  newContact,
  newDelivery,
  newEndpoint,
  newHandOver,
  newHold,
  newLink,
  newReplay,
  newRole,
  newSecret,
} = writable;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
    DEVELOPMENT_MAILBOX: 'true',
  });
});

afterAll(() => test?.stop());

interface Call {
  path: string;
  body?: object;
  cookie?: string;
  headers?: Record<string, string>;
  actions: AuditAction[];
  /** Where nobody has shown a credential. */
  isAnonymous?: true;
}

/** How each operation is called so that it changes something, and what it leaves. */
const OPERATIONS: Record<string, () => Promise<Call>> = {
  createApiClient: async () => ({
    path: '/api_clients',
    body: { name: 'CI', scopes: ['read'] },
    actions: ['api_client.created'],
  }),
  updateApiClient: async () => ({
    path: `/api_clients/${await newClient()}`,
    body: { name: 'Deployment' },
    actions: ['api_client.updated'],
  }),
  rotateApiClient: async () => ({
    path: `/api_clients/${await newClient()}/secret:rotate`,
    actions: ['api_client.rotated'],
  }),
  revokeApiClient: async () => ({ path: `/api_clients/${await newClient()}`, actions: ['api_client.revoked'] }),
  createOrganization: async () => ({
    path: '/organizations',
    body: { display_name: 'Acme', metadata: { plan: 'pro' } },
    actions: ['organization.created'],
  }),
  updateOrganization: async () => ({
    path: `/organizations/${await test.newOrganization()}`,
    body: { display_name: 'Acme Inc' },
    actions: ['organization.updated'],
  }),
  updateOrganizationByExternalId: async () => {
    const id = await test.newOrganization();
    await test.api.call('PATCH', `/organizations/${id}`, { external_id: 'walked' });
    return {
      path: '/organizations:external/walked',
      body: { display_name: 'Acme Inc' },
      actions: ['organization.updated'],
    };
  },
  updateOrganizationSettings: async () => ({
    path: `/organizations/${await test.newOrganization()}/settings`,
    body: { features: [{ name: 'dir_sync', enabled: false }] },
    actions: ['organization_settings.updated'],
  }),
  updateRequestLogSettings: async () => ({
    path: '/request_log_settings',
    body: { keep_bodies: true },
    actions: ['request_log_settings.updated'],
  }),
  deleteOrganization: async () => ({
    path: `/organizations/${(await test.newDirectory()).organization_id}`,
    actions: ['organization.deleted', 'directory.deleted'],
  }),
  eraseOrganization: async () => {
    const organization = `/organizations/${await test.newOrganization()}`;
    await api('DELETE', organization);
    return { path: `${organization}:erase`, actions: ['organization.erased'] };
  },
  eraseDirectoryUser: async () => {
    const directory = await newHold();
    const { held_users: held } = await api('GET', `${pathOf(directory)}/held_users`);
    return {
      path: `${pathOf(directory)}/users/${held[0].user.id}:erase`,
      actions: ['person.erased', 'deprovisioning.released'],
    };
  },
  createPortalLink: async () => ({
    path: `/organizations/${await test.newOrganization()}/portal_links?features=dir_sync`,
    actions: ['portal_link.created'],
  }),
  deletePortalLink: async () => {
    const organization = await test.newOrganization();
    const path = `/organizations/${organization}/portal_links/${(await newLink(organization)).id}`;
    return { path, actions: ['portal_link.revoked'] };
  },
  deletePortalLinks: async () => {
    const organization = await test.newOrganization();
    await newLink(organization);
    await newLink(organization);
    return {
      path: `/organizations/${organization}/portal_links`,
      actions: ['portal_link.revoked', 'portal_link.revoked'],
    };
  },
  createDirectory: async () => ({
    path: `/organizations/${await test.newOrganization()}/directories`,
    body: { directory: { directory_type: 'SCIM', directory_provider: 'OKTA' } },
    actions: ['directory.created'],
  }),
  updateDirectory: async () => ({
    path: pathOf(await test.newDirectory()),
    body: { name: 'Workforce', deprovision_guard: { max_users: 7 } },
    actions: ['directory.updated'],
  }),
  disableDirectory: async () => ({
    path: `${pathOf(await test.newDirectory())}:disable`,
    actions: ['directory.disabled'],
  }),
  enableDirectory: async () => {
    const path = pathOf(await test.newDirectory());
    await api('PATCH', `${path}:disable`);
    return { path: `${path}:enable`, actions: ['directory.enabled'] };
  },
  deleteDirectory: async () => ({ path: pathOf(await test.newDirectory()), actions: ['directory.deleted'] }),
  releaseDeprovisioning: async () => ({
    path: `${pathOf(await newHold())}:release_deprovisioning`,
    actions: ['deprovisioning.released'],
  }),
  discardDeprovisioning: async () => ({
    path: `${pathOf(await newHold())}:discard_deprovisioning`,
    actions: ['deprovisioning.discarded'],
  }),
  createDirectorySecret: async () => ({
    path: `${pathOf(await test.newDirectory())}/secrets`,
    actions: ['directory_secret.created'],
  }),
  regenerateDirectorySecret: async () => ({
    path: `${pathOf(await test.newDirectory())}/secrets:regenerate`,
    actions: ['directory_secret.regenerated'],
  }),
  revokeDirectorySecret: async () => {
    const directory = await test.newDirectory();
    const path = `${pathOf(directory)}/secrets/${await newSecret(directory)}`;
    return { path, actions: ['directory_secret.revoked'] };
  },
  createHandOver: async () => ({
    path: `${pathOf(await test.newDirectory())}/hand_overs`,
    actions: ['hand_over.created'],
  }),
  revokeHandOver: async () => {
    const directory = await test.newDirectory();
    const path = `${pathOf(directory)}/hand_overs/${(await newHandOver(directory)).id}`;
    return { path, actions: ['hand_over.revoked'] };
  },
  createRole: async () => ({ path: '/roles', body: { role_name: 'created' }, actions: ['role.created'] }),
  updateRole: async () => ({
    path: `/roles/${await newRole()}`,
    body: { display_name: 'Administrator' },
    actions: ['role.updated'],
  }),
  setRole: async () => ({
    path: `/roles/${await newRole()}`,
    body: { description: 'Administers.' },
    actions: ['role.updated'],
  }),
  deleteRole: async () => ({ path: `/roles/${await newRole()}`, actions: ['role.deleted'] }),
  setDefaultRoles: async () => ({
    path: '/roles:set_defaults',
    body: { default_member: { role_name: await newRole() } },
    actions: ['default_role.updated'],
  }),
  assignRoles: async () => {
    const directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    const { id } = (await scim.call('POST', '/Groups', { displayName: 'Admins' })).body;
    return {
      path: `${pathOf(directory)}/groups/-/roles:assign`,
      body: { assignments: [{ group_id: `dirgroup_${id}`, role_name: await newRole() }] },
      actions: ['role_assignments.updated'],
    };
  },
  mapAttributes: async () => ({
    path: `${pathOf(await test.newDirectory())}/attributes`,
    body: { attributes: [{ key: 'title', map_to: 'job' }] },
    actions: ['attribute_mappings.updated'],
  }),
  setPortalSettings: async () => ({
    path: '/portal_settings',
    body: { display_name: 'Harborlight' },
    actions: ['portal_settings.updated'],
  }),
  createContact: async () => ({
    path: `/organizations/${await test.newOrganization()}/contacts`,
    body: { email: 'it@acme.test' },
    actions: ['contact.created'],
  }),
  updateContact: async () => ({ path: await newContact(), body: { name: 'IT' }, actions: ['contact.updated'] }),
  deleteContact: async () => ({ path: await newContact(), actions: ['contact.deleted'] }),
  sendTestMail: async () => ({ path: '/mail:test', body: { email: 'it@acme.test' }, actions: ['mail.tested'] }),
  // Reads by POST.
  listEventsPaginated: async () => ({ path: '/events/paginated', body: {}, actions: [] }),
  createWebhookEndpoint: async () => ({
    path: '/webhook_endpoints',
    body: { url: 'http://127.0.0.1:9/hook?token=hunter2' },
    actions: ['webhook_endpoint.created'],
  }),
  updateWebhookEndpoint: async () => ({
    path: `/webhook_endpoints/${await newEndpoint()}`,
    body: { url: 'http://127.0.0.1:9/other?key=hunter2', enabled: false },
    actions: ['webhook_endpoint.updated'],
  }),
  deleteWebhookEndpoint: async () => ({
    path: `/webhook_endpoints/${await newEndpoint()}`,
    actions: ['webhook_endpoint.deleted'],
  }),
  rotateWebhookSecret: async () => ({
    path: `/webhook_endpoints/${await newEndpoint()}/secret:rotate`,
    actions: ['webhook_endpoint.secret_rotated'],
  }),
  testWebhookEndpoint: async () => ({
    path: `/webhook_endpoints/${await newEndpoint()}:test`,
    actions: ['webhook_endpoint.tested'],
  }),
  discardPendingDeliveries: async () => ({
    path: `${(await newDelivery()).endpoint}:discard_pending`,
    actions: ['webhook_endpoint.deliveries_discarded'],
  }),
  retryDelivery: async () => {
    const { endpoint, delivery } = await newDelivery();
    return { path: `${endpoint}/deliveries/${delivery}:retry`, actions: ['delivery.retried'] };
  },
  replayEvents: async () => ({
    path: `/webhook_endpoints/${await newEndpoint()}:replay`,
    actions: ['webhook_endpoint.replayed'],
  }),
  pauseReplay: async () => ({ path: `${await newReplay()}:pause`, actions: ['replay.paused'] }),
  resumeReplay: async () => {
    const path = await newReplay();
    await api('POST', `${path}:pause`);
    return { path: `${path}:resume`, actions: ['replay.resumed'] };
  },
  cancelReplay: async () => ({ path: `${await newReplay()}:cancel`, actions: ['replay.canceled'] }),
};

async function openPortal(given?: DirectoryItem): Promise<{ cookie: string; directory: DirectoryItem; path: string }> {
  const directory = given ?? (await test.newDirectory());
  const token = (await newLink(directory.organization_id)).location.split('#')[1];
  const { headers } = await send('POST', '/portal/api/session', { body: { link_token: token } });
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
  organizations.set(cookie, directory.organization_id);
  return { cookie, directory, path: `/portal/api/directories/${directory.id}` };
}

async function openContact(): Promise<{ cookie: string; path: string }> {
  const { cookie, directory } = await openPortal();
  const contacts = `/organizations/${directory.organization_id}/contacts`;
  const { contact } = await api('POST', contacts, { email: 'it@acme.test' });
  return { cookie, path: `/portal/api/contacts/${contact.id}` };
}

async function openHandOver(): Promise<Record<string, string>> {
  const { location } = await newHandOver(await test.newDirectory());
  return { [HAND_OVER_HEADER]: location.split('#')[1] ?? '' };
}

/** The same of the portal's API, by controller and method. */
const PORTAL: Record<string, () => Promise<Call>> = {
  'PortalSessionController.open': async () => {
    const { location } = await newLink(await test.newOrganization());
    const body = { link_token: location.split('#')[1] };
    return { path: '/portal/api/session', body, cookie: '', actions: ['portal_link.opened'] };
  },
  'PortalSessionController.sendCode': async () => {
    const path = `/organizations/${await test.newOrganization()}/portal_links`;
    const { link } = await api('PUT', path, { email: 'ann@acme.test' });
    const body = { link_token: link.location.split('#')[1] };
    return {
      path: '/portal/api/session/code',
      body,
      cookie: '',
      actions: ['portal_link.code_sent'],
      isAnonymous: true,
    };
  },
  'PortalContactsController.create': async () => {
    const { cookie } = await openPortal();
    return { path: '/portal/api/contacts', body: { email: 'it@acme.test' }, cookie, actions: ['contact.created'] };
  },
  'PortalContactsController.update': async () => {
    const { cookie, path } = await openContact();
    return { path, body: { name: 'IT' }, cookie, actions: ['contact.updated'] };
  },
  'PortalContactsController.delete': async () => {
    const { cookie, path } = await openContact();
    return { path, cookie, actions: ['contact.deleted'] };
  },
  'PortalUnsubscribeController.unsubscribe': async () => {
    const contact = await newContact();
    const id = contact.split('_').at(-1) ?? '';
    const environmentId = test.ingress.credentials.environment_id.slice('env_'.length);
    const token = unsubscribeToken(deriveKeys(test.ingress.keys, 'unsubscribe'), { environmentId, id });
    const path = '/portal/api/unsubscribe';
    return { path, body: { token }, cookie: '', actions: ['contact.unsubscribed'], isAnonymous: true };
  },
  'PortalSessionController.end': async () => {
    const { cookie } = await openPortal();
    return { path: '/portal/api/session', cookie, actions: ['portal_session.ended'] };
  },
  'PortalDirectoriesController.create': async () => {
    const { cookie } = await openPortal();
    const body = { directory: { directory_type: 'SCIM', directory_provider: 'CUSTOM' } };
    return { path: '/portal/api/directories', body, cookie, actions: ['directory.created'] };
  },
  'PortalDirectoriesController.update': async () => {
    const { cookie, path } = await openPortal();
    return { path, body: { name: 'Mine' }, cookie, actions: ['directory.updated'] };
  },
  'PortalDirectoriesController.delete': async () => {
    const { cookie, path } = await openPortal();
    return { path, cookie, actions: ['directory.deleted'] };
  },
  'PortalDirectoriesController.disable': async () => {
    const { cookie, path } = await openPortal();
    return { path: `${path}:disable`, cookie, actions: ['directory.disabled'] };
  },
  'PortalDirectoriesController.enable': async () => {
    const { cookie, path, directory } = await openPortal();
    await api('PATCH', `${pathOf(directory)}:disable`);
    return { path: `${path}:enable`, cookie, actions: ['directory.enabled'] };
  },
  'PortalDirectoriesController.createSecret': async () => {
    const { cookie, path } = await openPortal();
    return { path: `${path}/secrets`, cookie, actions: ['directory_secret.created'] };
  },
  'PortalDirectoriesController.regenerateSecret': async () => {
    const { cookie, path } = await openPortal();
    return { path: `${path}/secrets:regenerate`, cookie, actions: ['directory_secret.regenerated'] };
  },
  'PortalDirectoriesController.revokeSecret': async () => {
    const { cookie, path, directory } = await openPortal();
    return { path: `${path}/secrets/${await newSecret(directory)}`, cookie, actions: ['directory_secret.revoked'] };
  },
  'PortalHandOversController.create': async () => {
    const { cookie, path } = await openPortal();
    return { path: `${path}/hand_overs`, cookie, actions: ['hand_over.created'] };
  },
  'PortalHandOversController.revoke': async () => {
    const { cookie, path, directory } = await openPortal();
    const { id } = await newHandOver(directory);
    return { path: `${path}/hand_overs/${id}`, cookie, actions: ['hand_over.revoked'] };
  },
  'HandOverController.open': async () => ({
    path: '/portal/api/hand_over/open',
    headers: await openHandOver(),
    cookie: '',
    actions: ['hand_over.opened'],
    isAnonymous: true,
  }),
  'HandOverController.showToken': async () => ({
    path: '/portal/api/hand_over/token',
    headers: await openHandOver(),
    cookie: '',
    actions: ['directory_secret.created', 'hand_over.token_shown'],
    isAnonymous: true,
  }),
  'PortalMappingController.assignRoles': async () => {
    const { cookie, path, directory } = await openPortal();
    const scim = await test.newScim(directory);
    const { id } = (await scim.call('POST', '/Groups', { displayName: 'Admins' })).body;
    await api('PUT', '/portal_settings', { admin_may_map_roles: true });
    const body = { assignments: [{ group_id: `dirgroup_${id}`, role_name: await newRole() }] };
    return { path: `${path}/groups/-/roles:assign`, body, cookie, actions: ['role_assignments.updated'] };
  },
  'PortalMappingController.mapAttributes': async () => {
    const { cookie, path } = await openPortal();
    await api('PUT', '/portal_settings', { admin_may_map_attributes: true });
    const body = { attributes: [{ key: 'title', map_to: 'job' }] };
    return { path: `${path}/attributes`, body, cookie, actions: ['attribute_mappings.updated'] };
  },
  'PortalDeprovisioningController.release': async () => {
    const { cookie, path } = await openPortal(await newHold());
    return { path: `${path}:release_deprovisioning`, cookie, actions: ['deprovisioning.released'] };
  },
  'PortalDeprovisioningController.discard': async () => {
    const { cookie, path } = await openPortal(await newHold());
    return { path: `${path}:discard_deprovisioning`, cookie, actions: ['deprovisioning.discarded'] };
  },
};

/** The entries that a request has left. */
async function entriesOf({ headers }: Answer): Promise<AuditEntryItem[]> {
  const { entries } = (await test.api.call<AuditLogAnswer>('GET', '/audit_log')).body;
  return entries.filter((entry) => entry.request_id === headers.get('x-request-id'));
}

it('finds an entry of every operation of the management API that writes', async () => {
  const document = (await (await fetch(`${test.ingress.baseUrl}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  const writing = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => path.startsWith('/api/v1/') && method !== 'get')
      .map(([method, { operationId }]) => ({ method: method.toUpperCase(), operationId })),
  );
  expect(writing.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(OPERATIONS).toSorted());
  const actor = { type: 'api_client', id: test.ingress.credentials.client_id };
  for (const { method, operationId } of writing) {
    const call = await OPERATIONS[operationId]?.();
    if (!call) continue;
    const answer = await send(method, `/api/v1${call.path}`, call);
    expect([operationId, answer.status < 300]).toEqual([operationId, true]);
    const entries = await entriesOf(answer);
    expect([operationId, entries.map(({ action }) => action).toSorted()]).toEqual([
      operationId,
      call.actions.toSorted(),
    ]);
    for (const entry of entries) expect(entry).toMatchObject({ actor, ip_address: '127.0.0.1' });
  }
});

it('finds an entry of every route of the portal that writes', async () => {
  const writing = listRoutes().filter(({ method }) => method !== 'GET');
  expect(writing.map(({ handler }) => handler).toSorted()).toEqual(Object.keys(PORTAL).toSorted());
  for (const { method, handler } of writing) {
    const call = await PORTAL[handler]?.();
    if (!call) continue;
    const answer = await send(method, call.path, call);
    expect([handler, answer.status < 300]).toEqual([handler, true]);
    const entries = await entriesOf(answer);
    expect([handler, entries.map(({ action }) => action).toSorted()]).toEqual([handler, call.actions]);
    for (const { actor, organization_id } of entries) {
      expect(actor).toEqual(
        call.isAnonymous
          ? { type: 'anonymous', id: null, name: null }
          : { type: 'portal_session', id: expect.stringMatching(/^ses_/), name: 'Acme' },
      );
      expect(organization_id).toMatch(/^org_/);
    }
  }
});

it('has no secret in any entry', async () => {
  const response = await fetch(`${test.ingress.baseUrl}/api/v1/audit_log`, {
    headers: { authorization: `Bearer ${test.api.accessToken}`, accept: 'application/x-ndjson' },
  });
  const text = await response.text();
  expect(secrets.length).toBeGreaterThan(10);
  for (const secret of [...secrets, 'hunter2', test.ingress.credentials.client_secret]) {
    expect(text.includes(secret), secret).toBe(false);
  }
});
