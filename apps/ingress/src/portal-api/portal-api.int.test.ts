import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import type { DirectoryItem } from '../management/directories/directory.dto';
import { drain } from '../management/testing/drain.test-support';
import { connectScim, pathOf, startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { runAsAdmin } from '../testing/seed-directory';
import { connectPortal } from './testing/connect-portal';
import type { NewLink, PortalClient } from './testing/connect-portal';

let test: TestApi;
let portal: PortalClient['call'];
let newLink: PortalClient['newLink'];
let openSession: PortalClient['openSession'];

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  ({ call: portal, newLink, openSession } = connectPortal(test));
});

afterAll(() => test.stop());

interface SessionBody {
  session: { expire_time: string };
  organization: { id: string; display_name: string };
  features: { name: string; enabled: boolean }[];
}

/** A link as the management API shows it. */
type Link = Omit<NewLink, 'token'>;

const sql = (text: string, ...values: unknown[]) => runAsAdmin(test.database.adminUrl, [[text, values]]);

describe('a portal link', () => {
  it('expires after a minute unless told otherwise, and is a fragment that no server sees', async () => {
    const organizationId = await test.newOrganization();
    const before = Date.now();
    const link = await newLink(organizationId);
    const after = Date.now();
    expect(link.id).toMatch(/^lnk_/);
    expect(link.location).toMatch(/\/portal\/open#[A-Za-z0-9_-]{40,}$/);
    // The database's clock may count a little otherwise than ours.
    expect(Date.parse(link.expire_time)).toBeGreaterThan(before + 59_000);
    expect(Date.parse(link.expire_time)).toBeLessThan(after + 61_000);
    const mailed = await newLink(organizationId, { expires_in: 604_800 });
    expect(Math.round((Date.parse(mailed.expire_time) - Date.now()) / 1000)).toBeGreaterThan(604_700);
  });

  it.each([{ expires_in: 0 }, { expires_in: 604_801 }, { ttl: 1 }])('refuses %j with 400', async (body) => {
    const organizationId = await test.newOrganization();
    const { status } = await test.api.call('PUT', `/organizations/${organizationId}/portal_links`, body);
    expect(status).toBe(400);
  });

  it('refuses a feature there is not', async () => {
    const organizationId = await test.newOrganization();
    const { status } = await test.api.call('PUT', `/organizations/${organizationId}/portal_links?features=sso`);
    expect(status).toBe(400);
  });

  it('opens one session; used twice it is 410 link_used', async () => {
    const organizationId = await test.newOrganization();
    const { token } = await newLink(organizationId);
    const opened = await portal<SessionBody>('POST', '/session', { body: { link_token: token } });
    expect(opened.status).toBe(200);
    expect(opened.body).toEqual({
      session: { expire_time: expect.any(String) },
      organization: { id: organizationId, display_name: 'Acme' },
      features: [{ name: 'dir_sync', enabled: true }],
      portal: {
        display_name: null,
        logo_path: null,
        accent_color: null,
        support_contact: null,
        allowed_origins: [],
        admin_may_map_roles: false,
        admin_may_map_attributes: false,
      },
    });
    const hours = (Date.parse(opened.body.session.expire_time) - Date.now()) / 3_600_000;
    expect(Math.round(hours)).toBe(6);
    const again = await portal('POST', '/session', { body: { link_token: token } });
    expect([again.status, again.body.error.code]).toEqual([410, 'link_used']);
  });

  it('gives a session to one of two who come at once', async () => {
    const { token } = await newLink(await test.newOrganization());
    const open = () => portal('POST', '/session', { body: { link_token: token } });
    const answers = await Promise.all([open(), open(), open(), open()]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(3);
  });

  it('is not consumed by GET', async () => {
    const { token } = await newLink(await test.newOrganization());
    await fetch(`${test.ingress.baseUrl}/portal/open`);
    expect((await portal('GET', `/session?link_token=${token}`)).status).toBe(401);
    expect((await portal('POST', '/session', { body: { link_token: token } })).status).toBe(200);
  });

  it('is 410 link_expired after its time and 404 link_unknown when it never was or was revoked', async () => {
    const organizationId = await test.newOrganization();
    const expired = await newLink(organizationId);
    await sql(`UPDATE portal_links SET expire_time = now() WHERE id = $1`, expired.id.slice(4));
    const late = await portal('POST', '/session', { body: { link_token: expired.token } });
    expect([late.status, late.body.error.code]).toEqual([410, 'link_expired']);
    const unknown = await portal('POST', '/session', { body: { link_token: 'nothing' } });
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'link_unknown']);
    const revoked = await newLink(organizationId);
    const path = `/organizations/${organizationId}/portal_links`;
    expect((await test.foreign.call('DELETE', `${path}/${revoked.id}`)).status).toBe(404);
    expect((await test.api.call('DELETE', `${path}/${revoked.id}`)).status).toBe(204);
    expect((await test.api.call('DELETE', `${path}/${revoked.id}`)).status).toBe(404);
    const gone = await portal('POST', '/session', { body: { link_token: revoked.token } });
    expect([gone.status, gone.body.error.code]).toEqual([404, 'link_unknown']);
  });

  it('stands in the list while it can be opened, without its token', async () => {
    const organizationId = await test.newOrganization();
    const used = await newLink(organizationId);
    await portal('POST', '/session', { body: { link_token: used.token } });
    const open = await newLink(organizationId);
    const path = `/organizations/${organizationId}/portal_links`;
    const { body } = await test.api.call<{ links: Link[]; total_size: number }>('GET', path);
    expect(body.links.map(({ id }) => id)).toEqual([open.id]);
    expect(JSON.stringify(body)).not.toContain(open.token);
    expect((await test.api.call('DELETE', path)).status).toBe(204);
    expect((await test.api.call<{ links: Link[] }>('GET', path)).body.links).toEqual([]);
  });

  it('is stored as a hash, and so is the session', async () => {
    const organizationId = await test.newOrganization();
    const { token } = await newLink(organizationId);
    const { cookie } = await openSession(organizationId);
    const rows = await runAsAdmin(test.database.adminUrl, [
      ['SELECT token_hash FROM portal_links UNION ALL SELECT token_hash FROM portal_sessions', []],
    ]);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(rows)).not.toContain(cookie.split('=')[1]);
  });
});

describe('a portal session', () => {
  it('is a cookie that scripts and other sites cannot use', async () => {
    const { token } = await newLink(await test.newOrganization());
    const { headers } = await portal('POST', '/session', { body: { link_token: token } });
    const cookie = headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^rollcall_portal=[A-Za-z0-9_-]{40,}; Path=\/; Max-Age=21600; HttpOnly; SameSite=Strict$/);
  });

  it('ends by DELETE', async () => {
    const { cookie } = await openSession();
    expect((await portal('GET', '/session', { cookie })).status).toBe(200);
    const ended = await portal('DELETE', '/session', { cookie });
    expect(ended.status).toBe(204);
    expect(ended.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await portal('GET', '/session', { cookie })).status).toBe(401);
  });

  it('is 401 session_expired after its time, session_missing without a cookie', async () => {
    const { cookie, organizationId } = await openSession();
    await sql(`UPDATE portal_sessions SET expire_time = now() WHERE organization_id = $1`, organizationId.slice(4));
    for (const path of ['/session', '/directories']) {
      const expired = await portal('GET', path, { cookie });
      expect([expired.status, expired.body.error.code]).toEqual([401, 'session_expired']);
      const missing = await portal('GET', path);
      expect([missing.status, missing.body.error.code]).toEqual([401, 'session_missing']);
      expect((await portal('GET', path, { cookie: 'rollcall_portal=x' })).status).toBe(401);
    }
  });

  it('ends with the links of its organization, and with the organization', async () => {
    const first = await openSession();
    await test.api.call('DELETE', `/organizations/${first.organizationId}/portal_links`);
    const revoked = await portal('GET', '/session', { cookie: first.cookie });
    expect([revoked.status, revoked.body.error.code]).toEqual([401, 'session_revoked']);
    const second = await openSession();
    await test.api.call('DELETE', `/organizations/${second.organizationId}`);
    const deleted = await portal('GET', '/session', { cookie: second.cookie });
    expect([deleted.status, deleted.body.error.code]).toEqual([401, 'organization_deleted']);
  });

  it('is no credential of the management API, and an access token none here', async () => {
    const { cookie } = await openSession();
    const answer = await fetch(`${test.ingress.baseUrl}/api/v1/organizations`, { headers: { cookie } });
    expect(answer.status).toBe(401);
    const authorization = `Bearer ${test.api.accessToken}`;
    expect((await portal('GET', '/directories', { headers: { authorization } })).status).toBe(401);
  });
});

describe('writes through the portal', () => {
  const directory = { directory_type: 'SCIM', directory_provider: 'OKTA' };

  it('are refused with 403 from a foreign origin and taken from their own', async () => {
    const { cookie } = await openSession();
    const post = (origin: string) =>
      portal('POST', '/directories', { cookie, body: { directory, another: true }, headers: { origin } });
    for (const origin of ['https://evil.example', 'null', `${test.ingress.baseUrl}.evil.example`]) {
      const { status, body } = await post(origin);
      expect([origin, status, body.error.code]).toEqual([origin, 403, 'foreign_origin']);
    }
    expect((await post(test.ingress.baseUrl)).status).toBe(201);
    expect((await post(test.ingress.baseUrl.replace('127.0.0.1', 'localhost'))).status).toBe(201);
  });

  it('need a JSON content type', async () => {
    const { cookie } = await openSession();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json-evil']) {
      const { status } = await portal('DELETE', '/session', { cookie, headers: { 'content-type': type } });
      expect([type, status]).toEqual([type, 415]);
    }
    expect((await portal('GET', '/session', { cookie })).status).toBe(200);
  });
});

describe('directories through the portal', () => {
  it('are managed as through the management API', async () => {
    const { cookie, organizationId } = await openSession();
    const created = await portal<{ directory: DirectoryItem }>('POST', '/directories', {
      cookie,
      body: { directory: { directory_type: 'SCIM', directory_provider: 'JUMPCLOUD' } },
    });
    expect(created.status).toBe(201);
    const { directory } = created.body;
    expect(directory.organization_id).toBe(organizationId);
    const path = `/directories/${directory.id}`;
    const list = await portal<{ directories: DirectoryItem[] }>('GET', '/directories', { cookie });
    // Who is inactive is counted for one directory at a time.
    expect(list.body).toEqual({
      directories: [Object.assign(structuredClone(directory), { inactive_users: null })],
    });
    const renamed = await portal<{ directory: DirectoryItem }>('PATCH', path, {
      cookie,
      body: { directory: { name: 'HQ' } },
    });
    expect(renamed.body.directory.name).toBe('HQ');
    expect((await portal('PATCH', path, { cookie, body: { directory: { nope: 1 } } })).status).toBe(400);
    // The guard against mass deprovisioning is the application's, not the organization's.
    expect((await portal('PATCH', path, { cookie, body: { deprovision_guard: null } })).status).toBe(400);
    expect((await portal('PATCH', `${path}:disable`, { cookie })).body).toEqual({ enabled: false });
    expect((await portal('PATCH', `${path}:enable`, { cookie })).body).toEqual({ enabled: true });
    expect((await portal('DELETE', path, { cookie })).status).toBe(204);
    expect((await portal('GET', path, { cookie })).status).toBe(404);
  });

  it('get secrets that work, are replaced and revoked', async () => {
    const directory = await test.newDirectory();
    const { cookie } = await openSession(directory.organization_id);
    const path = `/directories/${directory.id}/secrets`;
    type Issued = { plain_secret: string; secret: { id: string } };
    const first = await portal<Issued>('POST', path, { cookie });
    expect(first.status).toBe(201);
    const second = await portal<Issued>('POST', `${path}:regenerate`, { cookie, body: { overlap_seconds: 60 } });
    expect(second.status).toBe(201);
    const scim = (token: string) => connectScim(test.ingress.baseUrl, directory, token).call('GET', '/Users');
    expect((await scim(first.body.plain_secret)).status).toBe(200);
    expect((await portal('DELETE', `${path}/${first.body.secret.id}`, { cookie })).status).toBe(204);
    expect((await scim(first.body.plain_secret)).status).toBe(401);
    expect((await scim(second.body.plain_secret)).status).toBe(200);
  });

  it('of another organization are 404 for every call', async () => {
    const theirs = await test.newDirectory();
    const scim = await test.newScim(theirs);
    const user = await scim.call('POST', '/Users', { userName: 'ada@acme.example' });
    const { cookie } = await openSession();
    const path = `/directories/${theirs.id}`;
    const calls: [string, string][] = [
      ['GET', path],
      ['PATCH', path],
      ['DELETE', path],
      ['PATCH', `${path}:enable`],
      ['PATCH', `${path}:disable`],
      ['POST', `${path}/secrets`],
      ['POST', `${path}/secrets:regenerate`],
      ['DELETE', `${path}/secrets/sec_01kag3v2q9x8w7n6m5k4j3h2g1`],
      ['GET', `${path}/users`],
      ['GET', `${path}/users/diruser_${user.body.id}`],
      ['GET', `${path}/users.csv`],
      ['GET', `${path}/groups`],
      ['GET', `${path}/held_users`],
      ['POST', `${path}:release_deprovisioning`],
      ['POST', `${path}:discard_deprovisioning`],
      ['GET', `${path}/mapping`],
    ];
    for (const [method, target] of calls) {
      expect([method, target, (await portal(method, target, { cookie })).status]).toEqual([method, target, 404]);
    }
    expect((await test.api.call('GET', pathOf(theirs))).status).toBe(200);
  });

  it('show their users, searched by a text', async () => {
    const directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    for (const name of ['ada', 'grace', 'linus']) {
      await scim.call('POST', '/Users', { userName: `${name}@acme.example`, displayName: name.toUpperCase() });
    }
    await scim.call('POST', '/Groups', { displayName: 'Engineers' });
    await drain(test.database.appUrl, directory.id);
    const { cookie } = await openSession(directory.organization_id);
    type Users = { users: { preferred_username: string }[]; total_size: number; next_page_token: string };
    const list = (query: string) => portal<Users>('GET', `/directories/${directory.id}/users${query}`, { cookie });
    expect((await list('')).body.total_size).toBe(3);
    const found = await list('?search=GRA');
    expect(found.body.users.map((user) => user.preferred_username)).toEqual(['grace@acme.example']);
    expect(found.body.total_size).toBe(1);
    const page = await list('?search=acme&page_size=2');
    expect([page.body.users.length, page.body.total_size]).toEqual([2, 3]);
    const next = await list(`?search=acme&page_size=2&page_token=${page.body.next_page_token}`);
    expect(next.body.users.map((user) => user.preferred_username)).toEqual(['linus@acme.example']);
    expect((await list(`?search=other&page_token=${page.body.next_page_token}`)).status).toBe(400);
    const groups = await portal<{ groups: unknown[] }>('GET', `/directories/${directory.id}/groups?search=engin`, {
      cookie,
    });
    expect(groups.body.groups).toMatchObject([{ display_name: 'Engineers', total_users: 0 }]);
  });
});
