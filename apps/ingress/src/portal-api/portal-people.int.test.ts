import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import type { AuditLogAnswer } from '../management/audit/audit.dto';
import type { DirectoryItem } from '../management/directories/directory.dto';
import { drain } from '../management/testing/drain.test-support';
import { pathOf, startApi } from '../management/testing/start-api';
import type { ScimClient, TestApi } from '../management/testing/start-api';
import { connectPortal } from './testing/connect-portal';
import type { PortalClient } from './testing/connect-portal';

let test: TestApi;
let directory: DirectoryItem;
let scim: ScimClient;
let portal: PortalClient['call'];
let cookie: string;
let groupId: string;
const users: string[] = [];

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  const client = connectPortal(test);
  portal = client.call;
  directory = await test.newDirectory();
  scim = await test.newScim(directory);
  await test.api.call('POST', '/roles', { role_name: 'admin', display_name: 'Administrator' });
  for (const [displayName, active] of [
    ['=HYPERLINK("http://evil.example")', true],
    ['Bea, "the second"', false],
    ['Cem', true],
  ] as const) {
    const userName = `user${users.length}@acme.example`;
    users.push((await scim.call('POST', '/Users', { userName, displayName, active })).body.id);
  }
  const group = await scim.call('POST', '/Groups', { displayName: 'Chiefs', members: [{ value: users[2] }] });
  groupId = `dirgroup_${group.body.id}`;
  await test.api.call('PUT', `${pathOf(directory)}/groups/-/roles:assign`, {
    assignments: [{ group_id: groupId, role_name: 'admin' }],
  });
  await drain(test.database.appUrl, directory.id);
  ({ cookie } = await client.openSession(directory.organization_id));
});

afterAll(() => test.stop());

const base = () => `/directories/${directory.id}`;

async function exportUsers(query = ''): Promise<{ status: number; type: string | null; lines: string[] }> {
  const answer = await fetch(`${test.ingress.baseUrl}/portal/api${base()}/users.csv${query}`, { headers: { cookie } });
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer());
  return { status: answer.status, type: answer.headers.get('content-type'), lines: text.split('\r\n').slice(0, -1) };
}

describe('an export of users', () => {
  it('has a line for each, and none that a spreadsheet would run', async () => {
    const { status, type, lines } = await exportUsers();
    expect([status, type, lines.length]).toEqual([200, 'text/csv; charset=utf-8', 4]);
    expect(lines[0]?.startsWith('\uFEFF"External ID","User name"')).toBe(true);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
    expect(lines[2]).toContain('"Bea, ""the second""","","","Inactive"');
    expect(lines[3]).toContain('"Chiefs","admin"');
  });

  it('is narrowed as the list is', async () => {
    expect((await exportUsers('?active=false')).lines).toHaveLength(2);
    expect((await exportUsers('?search=cem')).lines).toHaveLength(2);
    expect((await exportUsers('?search=nobody')).lines).toHaveLength(1);
    expect((await exportUsers('?sort=-name')).lines[1]).toContain('"Cem"');
  });

  it('is in the audit log, without what was searched for', async () => {
    await exportUsers('?search=cem&active=true');
    const { entries } = (await test.api.call<AuditLogAnswer>('GET', '/audit_log?action=directory_users.exported')).body;
    expect(entries[0]).toMatchObject({
      actor: { type: 'portal_session' },
      target: { type: 'directory', id: directory.id },
      changes: { users: { from: null, to: 1 }, searched: { from: null, to: true }, active: { from: null, to: true } },
    });
    // In words of its own: an ID may contain the same three characters.
    expect(JSON.stringify(entries[0])).not.toMatch(/\bcem\b/i);
  });

  it('is refused for another directory and for input that is none', async () => {
    const other = await test.newDirectory();
    const answer = await portal('GET', `/directories/${other.id}/users.csv`, { cookie });
    expect(answer.status).toBe(404);
    expect((await exportUsers('?active=perhaps')).status).toBe(400);
  });
});

describe('the mapping of a directory', () => {
  it('is seen with the names of groups and roles', async () => {
    const { body } = await portal<{ mapping: object }>('GET', `${base()}/mapping`, { cookie });
    expect(body.mapping).toMatchObject({
      may_map_roles: false,
      may_map_attributes: false,
      roles: [{ role_name: 'admin', display_name: 'Administrator' }],
      assignments: [{ group_id: groupId, group_name: 'Chiefs', role_name: 'admin' }],
      attributes: [],
    });
  });

  it.each([
    ['groups/-/roles:assign', { assignments: [] }],
    ['attributes', { attributes: [] }],
  ])('is not changed by %s, nor tried out, by an admin whom the app owner does not let', async (what, body) => {
    for (const query of ['', '?dry_run=true']) {
      const answer = await portal('PUT', `${base()}/${what}${query}`, { cookie, body });
      expect([answer.status, answer.body.error.code]).toEqual([403, 'mapping_not_allowed']);
    }
  });
});

describe('an admin whom the app owner lets', () => {
  beforeAll(async () => {
    await test.api.call('PUT', '/portal_settings', { admin_may_map_roles: true, admin_may_map_attributes: true });
  });

  it('tries out and sets which group gives which role, and the audit log says so', async () => {
    const put = <Body = object>(query: string, assignments: object[]) =>
      portal<Body>('PUT', `${base()}/groups/-/roles:assign${query}`, { cookie, body: { assignments } });
    expect(await put('?dry_run=true', [])).toMatchObject({ status: 200, body: { users_affected: 1 } });
    expect((await put('', [])).status).toBe(200);
    const { body } = await portal<{ mapping: object }>('GET', `${base()}/mapping`, { cookie });
    expect(body.mapping).toMatchObject({ may_map_roles: true, assignments: [] });
    const { entries } = (await test.api.call<AuditLogAnswer>('GET', '/audit_log?action=role_assignments.updated')).body;
    expect(entries[0]).toMatchObject({ actor: { type: 'portal_session' }, target: { id: directory.id } });
  });

  it('names attributes, and is refused what is none', async () => {
    const put = (attributes: object[]) => portal('PUT', `${base()}/attributes`, { cookie, body: { attributes } });
    expect((await put([{ key: 'title', map_to: 'job' }])).status).toBe(200);
    expect((await put([{ key: '][', map_to: 'job' }])).status).toBe(400);
  });

  it('is one no more from the moment on in which the owner says otherwise', async () => {
    await test.api.call('PUT', '/portal_settings', { admin_may_map_roles: false });
    const answer = await portal('PUT', `${base()}/groups/-/roles:assign`, { cookie, body: { assignments: [] } });
    expect(answer.status).toBe(403);
  });
});

describe('held deprovisionings', () => {
  interface Held {
    held_users: { user: { id: string }; state: string; kind: string }[];
    total_size: number;
  }
  const listHeld = async () => (await portal<Held>('GET', `${base()}/held_users`, { cookie })).body;

  it('are listed, released for some and discarded for the others by the admin', async () => {
    await test.api.call('PATCH', pathOf(directory), { deprovision_guard: { max_users: 0 } });
    for (const id of users) await scim.call('DELETE', `/Users/${id}`);
    await drain(test.database.appUrl, directory.id);
    // Who was not active before loses nothing and is not held.
    const held = await listHeld();
    expect([held.total_size, held.held_users[0]]).toMatchObject([2, { state: 'HELD', kind: 'DELETE' }]);
    const { body: shown } = await portal<{ directory: DirectoryItem }>('GET', base(), { cookie });
    expect(shown.directory.deprovisioning).toMatchObject({ state: 'HELD', held_users: 2 });

    const body = { user_ids: [`diruser_${users[0]}`] };
    const released = await portal('POST', `${base()}:release_deprovisioning`, { cookie, body });
    expect(released).toMatchObject({ status: 200, body: { deprovisioning: { held_users: 1 } } });
    await drain(test.database.appUrl, directory.id);
    expect((await listHeld()).held_users.map(({ user }) => user.id)).not.toContain(`diruser_${users[0]}`);

    await portal('POST', `${base()}:discard_deprovisioning`, { cookie });
    await drain(test.database.appUrl, directory.id);
    expect((await listHeld()).held_users.map(({ state }) => state)).toEqual(['DISCARDED']);
  });
});
