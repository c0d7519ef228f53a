import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectApi } from '../management/testing/api-client';
import type { OrganizationAnswer, OrganizationList } from '../management/organizations/organization.dto';
import type { DirectoryItem } from '../management/directories/directory.dto';
import { drain } from '../management/testing/drain.test-support';
import { connectScim, pathOf } from '../management/testing/start-api';
import type { ErrorBody, ScimClient } from '../management/testing/start-api';
import type { IssuedSecretAnswer } from '../management/secrets/secret.dto';
import { waitUntil } from '@rollcall/testing';
import { HAND_OVER_HEADER } from '@rollcall/contract';
import { ScalekitClient } from '@scalekit-sdk/node';
import type { OverviewAnswer } from '../management/overview/overview.dto';
import type { AuditLogAnswer } from '../management/audit/audit.dto';
import type { ApiClientSecretAnswer } from '../management/api-clients/api-client.dto';
import type { WebhookEndpointSecretAnswer } from '../management/webhook-endpoints/webhook-endpoint.dto';
import { connectPortal } from '../portal-api/testing/connect-portal';
import { runAsAdmin } from '../testing/seed-directory';
import { hasOrganization, startTestCells } from './start-test-cells.test-support';
import type { TestCells } from './start-test-cells.test-support';

let test: TestCells;
/** An organization in each cell with a directory and a client of its SCIM endpoint. */
let home: { control: Place; b: Place };

interface Place {
  organization: string;
  directory: DirectoryItem;
  scim: ScimClient;
}

beforeAll(async () => {
  test = await startTestCells();
  await test.whenJoined();
  home = { control: await newPlace('control'), b: await newPlace('b') };
});

afterAll(() => test?.stop());

async function newPlace(cell: 'control' | 'b'): Promise<Place> {
  const organization = await test.newOrganization(cell);
  const directory = await test.newDirectory(organization);
  const { body } = await test.api.call<IssuedSecretAnswer>('POST', `${pathOf(directory)}/secrets`);
  return { organization, directory, scim: connectScim(test.baseUrl, directory, body.plain_secret) };
}

interface Feed {
  events: { id: string; directory_id: string; sequence: number; occurred_at: string }[];
  next_after: string;
  has_more: boolean;
  unavailable_cells?: string[];
}

let people = 0;
async function addPeople({ scim }: Place, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    people += 1;
    const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: `person${people}@acme.test` };
    expect((await scim.call('POST', '/Users', user)).status).toBe(201);
  }
}

const drainBoth = () =>
  Promise.all([drain(test.control.appUrl, home.control.directory.id), drain(test.b.appUrl, home.b.directory.id)]);

async function readFeed(query = '', size = 100): Promise<Feed['events']> {
  const events: Feed['events'] = [];
  for (let after = ''; ;) {
    const { status, body } = await test.api.call<Feed>(
      'GET',
      `/events?page_size=${size}${query}${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`,
    );
    expect(status).toBe(200);
    events.push(...body.events);
    after = body.next_after;
    if (!body.has_more) return events;
  }
}

describe('organizations of several cells', () => {
  it('are listed as one, page by page, forwards and back', async () => {
    const whole = await test.api.call<OrganizationList>('GET', '/organizations?page_size=100');
    const ids = whole.body.organizations.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted());
    expect(ids).toEqual(expect.arrayContaining([home.control.organization, home.b.organization]));
    expect(whole.body).toMatchObject({ total_size: ids.length, next_page_token: '', prev_page_token: '' });
    const walked: string[] = [];
    let page = (await test.api.call<OrganizationList>('GET', '/organizations?page_size=1')).body;
    for (;;) {
      walked.push(...page.organizations.map(({ id }) => id));
      if (page.next_page_token === '') break;
      page = (
        await test.api.call<OrganizationList>('GET', `/organizations?page_size=1&page_token=${page.next_page_token}`)
      ).body;
    }
    expect(walked).toEqual(ids);
    const back: string[] = page.organizations.map(({ id }) => id);
    while (page.prev_page_token !== '') {
      page = (
        await test.api.call<OrganizationList>('GET', `/organizations?page_size=1&page_token=${page.prev_page_token}`)
      ).body;
      back.unshift(...page.organizations.map(({ id }) => id));
    }
    expect(back).toEqual(ids);
  });

  it('are found under their ids, also after somebody has asked for those as directories', async () => {
    // One in each cell.
    for (let index = 0; index < 2; index++) {
      const { body } = await test.api.call<OrganizationAnswer>('POST', '/organizations', { display_name: 'Asked for' });
      const { id } = body.organization;
      const asDirectory = connectScim(test.baseUrl, { id: id.replace('org_', 'dir_') }, home.b.scim.token);
      expect((await asDirectory.call('GET', '/Users')).status).toBe(401);
      expect((await test.api.call('GET', `/organizations/${id}`)).status).toBe(200);
    }
  });

  it('answer SCIM, each with the tokens of its own directories alone', async () => {
    await addPeople(home.control, 1);
    await addPeople(home.b, 1);
    for (const [mine, other] of [
      [home.control, home.b],
      [home.b, home.control],
    ] as const) {
      const foreign = connectScim(test.baseUrl, other.directory, mine.scim.token);
      expect((await foreign.call('GET', '/Users')).status).toBe(401);
      expect((await mine.scim.call('GET', '/Users')).body).toMatchObject({ totalResults: 1 });
    }
  });
});

describe('a new organization', () => {
  it('goes to the cell that has the fewest', async () => {
    const made = [];
    for (let index = 0; index < 6; index++) {
      const { body } = await test.api.call<OrganizationAnswer>('POST', '/organizations', { display_name: 'New' });
      made.push(await hasOrganization(test.b, body.organization.id));
    }
    expect(made.filter((isInB) => isInB)).toHaveLength(3);
  });

  it('has an external id that no other cell has, and keeps none from being given up', async () => {
    const name = (external_id: string) => ({ display_name: 'Named', external_id });
    await test.newOrganization('b', name('in-b'));
    for (let index = 0; index < 2; index++) {
      const taken = await test.api.call<ErrorBody>('POST', '/organizations', name('in-b'));
      expect([taken.status, taken.body.error.code]).toEqual([409, 'external_id_taken']);
    }
    const path = `/organizations/${home.control.organization}`;
    expect((await test.api.call<ErrorBody>('PATCH', path, { external_id: 'in-b' })).body.error?.code).toBe(
      'external_id_taken',
    );
    const byOwn = await test.api.call<OrganizationAnswer>('PATCH', '/organizations:external/in-b', {
      external_id: 'renamed',
    });
    expect(byOwn.body.organization.external_id).toBe('renamed');
    expect((await test.api.call('PATCH', path, { external_id: 'in-b' })).status).toBe(200);
    expect((await test.api.call('GET', '/organizations:external/renamed')).status).toBe(200);
    expect((await test.api.call('GET', '/organizations:external/nobody')).status).toBe(404);
  });

  it('is one for two that ask for the same external id at once', async () => {
    const create = () => test.api.call('POST', '/organizations', { display_name: 'Twice', external_id: 'twice' });
    const statuses = await Promise.all([create(), create(), create(), create()]);
    expect(statuses.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 409, 409, 409]);
  });

  it('is the same for the same idempotency key', async () => {
    const create = async () => {
      const answer = await fetch(`${test.baseUrl}/api/v1/organizations`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${test.api.accessToken}`,
          'content-type': 'application/json',
          'idempotency-key': 'k1',
        },
        body: JSON.stringify({ display_name: 'Once' }),
      });
      return ((await answer.json()) as OrganizationAnswer).organization.id;
    };
    expect(new Set([await create(), await create(), await create()]).size).toBe(1);
  });
});

describe("the owner's configuration", () => {
  it('holds in every cell from the answer on that tells of it', async () => {
    const { body } = await test.api.call<ApiClientSecretAnswer>('POST', '/api_clients', {
      name: 'Short',
      scopes: ['read'],
    });
    const ask = async () => {
      const url = `${test.baseUrl}/api/v1/organizations/${home.b.organization}`;
      return (await fetch(url, { headers: { authorization: `Bearer ${body.api_key}` } })).status;
    };
    expect(await ask()).toBe(200);
    expect((await test.api.call('DELETE', `/api_clients/${body.api_client.client_id}`)).status).toBe(204);
    expect(await ask()).toBe(401);
  });

  it('has clients that are limited to an organization of any cell', async () => {
    for (const { organization } of Object.values(home)) {
      const made = await test.api.call<ApiClientSecretAnswer>('POST', '/api_clients', {
        name: 'Limited',
        scopes: ['read'],
        organization_id: organization,
      });
      expect(made.status).toBe(201);
      const { client_secret, api_client } = made.body;
      const client = await connectApi(test.baseUrl, {
        ...test.credentials,
        client_id: api_client.client_id,
        client_secret,
      });
      expect((await client.call('GET', `/organizations/${organization}`)).status).toBe(200);
      const { body } = await client.call<OrganizationList>('GET', '/organizations');
      expect(body.organizations.map(({ id }) => id)).toEqual([organization]);
      const feed = await client.call<{ events: { organization_id: string }[] }>('GET', '/events');
      expect(feed.status).toBe(200);
      expect(feed.body.events.every((event) => event.organization_id === organization)).toBe(true);
      const path = `/api_clients/${api_client.client_id}`;
      expect((await test.api.call('PATCH', path, { name: 'Renamed' })).status).toBe(200);
      expect((await test.api.call('DELETE', path)).status).toBe(204);
      expect((await client.call('GET', `/organizations/${organization}`)).status).toBe(401);
    }
    expect((await test.api.call('DELETE', '/api_clients/clt_unknown')).status).toBe(404);
    const refused = await fetch(`${test.baseUrl}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'nobody', client_secret: 'x' }),
    });
    expect([refused.status, await refused.json()]).toEqual([401, expect.objectContaining({ error: 'invalid_client' })]);
  });

  it('has no role deleted that any cell uses, and the audit log tells once of one that is', async () => {
    for (const role_name of ['used', 'free']) {
      expect((await test.api.call('POST', '/roles', { role_name, display_name: role_name })).status).toBe(201);
    }
    await addPeople(home.b, 1);
    const group = await home.b.scim.call('POST', '/Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'Crew',
    });
    const assignments = [{ group_id: `dirgroup_${group.body.id}`, role_name: 'used' }];
    const path = `${pathOf(home.b.directory)}/groups/-/roles:assign`;
    expect((await test.api.call('PUT', path, { assignments })).status).toBe(200);
    expect((await test.api.call<ErrorBody>('DELETE', '/roles/used')).status).toBe(409);
    expect((await test.api.call('DELETE', '/roles/free')).status).toBe(204);
    const deleted = await test.api.call<AuditLogAnswer>('GET', '/audit_log?action=role.deleted');
    expect(deleted.body.entries.map(({ target }) => target.name)).toEqual(['free']);
    expect((await test.api.call('GET', '/roles/used')).status).toBe(200);
    expect((await test.api.call('PUT', path, { assignments })).status).toBe(200);
  });
});

describe('what is found by its id alone', () => {
  it('is found in whichever cell it is: an event, its deliveries, an entry of the audit log', async () => {
    const made = await test.api.call<WebhookEndpointSecretAnswer>('POST', '/webhook_endpoints', {
      url: 'https://app.example.test/hook',
    });
    expect(made.status).toBe(201);
    await addPeople(home.control, 1);
    await addPeople(home.b, 1);
    await drainBoth();
    const events = await readFeed();
    for (const { directory, organization } of Object.values(home)) {
      const event = events.findLast(({ directory_id }) => directory_id === directory.id);
      expect((await test.api.call('GET', `/events/${event?.id}`)).status).toBe(200);
      const latest = await test.api.call<Feed>('GET', `/events:latest?directory_id=${directory.id}&page_size=1`);
      expect(latest.body.events.map(({ id }) => id)).toEqual([event?.id]);
      const audit = await test.api.call<AuditLogAnswer>('GET', `/audit_log?organization_id=${organization}`);
      expect(audit.body.entries.length).toBeGreaterThan(1);
    }
    expect((await test.api.call('GET', '/events/evt_unknown')).status).toBe(404);
    const endpoint = `/webhook_endpoints/${made.body.webhook_endpoint.id}`;
    const replay = await test.api.call<{ replay: { total: number }; replays: { total: number }[] }>(
      'POST',
      `${endpoint}:replay`,
      { dry_run: true },
    );
    expect([replay.status, replay.body.replays.length]).toEqual([202, 2]);
    expect(replay.body.replays.every(({ total }) => total > 0)).toBe(true);
    expect((await test.api.call('POST', `${endpoint}:discard_pending`)).status).toBe(200);
    expect((await test.api.call('GET', `${endpoint}/deliveries`)).status).toBe(200);
    expect((await test.api.call('GET', `${endpoint}/replays`)).body).toMatchObject({ total_size: 0 });
    for (const path of ['/mail', '/erasures', '/overview']) expect((await test.api.call('GET', path)).status).toBe(200);
  });

  it('is in the audit log of all, newest first, page by page and as one stream', async () => {
    const entries: string[] = [];
    for (let token = ''; ;) {
      const { body } = await test.api.call<AuditLogAnswer>('GET', `/audit_log?page_size=7&page_token=${token}`);
      entries.push(...body.entries.map(({ id }) => id));
      token = body.next_page_token;
      if (token === '') break;
    }
    expect(entries).toEqual(entries.toSorted().toReversed());
    const answer = await fetch(`${test.baseUrl}/api/v1/audit_log`, {
      headers: { authorization: `Bearer ${test.api.accessToken}`, accept: 'application/x-ndjson' },
    });
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    const lines = (await answer.text()).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(entries);
  });

  it('refuses a token of another list', async () => {
    const { body } = await test.api.call<OrganizationList>('GET', '/organizations?page_size=1');
    const search = `/organizations:search?query=a&page_token=${body.next_page_token}`;
    expect((await test.api.call<ErrorBody>('GET', search)).body.error.code).toBe('invalid_page_token');
    expect((await test.api.call('GET', '/organizations?page_size=0')).status).toBe(400);
    expect((await fetch(`${test.baseUrl}/api/v1/organizations`)).status).toBe(401);
  });
});

describe('the portal', () => {
  it('opens, shows and ends for an organization of any cell', async () => {
    const portal = connectPortal({ ingress: test, api: test.api, newOrganization: () => test.newOrganization('b') });
    for (const { organization, directory } of Object.values(home)) {
      const { cookie } = await portal.openSession(organization);
      const { status, body } = await portal.call<{ directories: { id: string }[] }>('GET', '/directories', { cookie });
      expect([status, body.directories.map(({ id }) => id)]).toEqual([200, [directory.id]]);
      const made = await portal.call<{ hand_over: { location: string } }>(
        'POST',
        `/directories/${directory.id}/hand_overs`,
        { cookie, body: {} },
      );
      const token = made.body.hand_over.location.split('#')[1] ?? '';
      const opened = await portal.call('POST', '/hand_over/open', { headers: { [HAND_OVER_HEADER]: token } });
      expect(opened.status).toBe(200);
      expect((await portal.call('DELETE', '/session', { cookie })).status).toBe(204);
      expect((await portal.call('GET', '/directories', { cookie })).status).toBe(401);
    }
    expect((await portal.call('GET', '/directories', {})).status).toBe(401);
    const unknown = await portal.call('POST', '/session', { body: { link_token: 'x'.repeat(43) } });
    expect(unknown.status).toBe(404);
  });
});

describe('an organization that is being moved', () => {
  it('is answered 503 with when to come again, in the form of each surface, and nobody else is', async () => {
    const move = (state: string) =>
      runAsAdmin(test.control.adminUrl, [
        ['UPDATE placements SET state = $1 WHERE organization_id = $2', [state, home.b.organization.slice(4)]],
      ]);
    const ask = () => home.b.scim.call('GET', '/Users');
    await move('leaving');
    await waitUntil(async () => (await ask()).status === 503);
    const answer = await fetch(`${test.baseUrl}/scim/${home.b.directory.id.slice(4)}/v2/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${home.b.scim.token}`, 'content-type': 'application/scim+json' },
      body: '{"userName":"late"}',
    });
    expect([answer.status, answer.headers.get('retry-after'), answer.headers.get('content-type')]).toEqual([
      503,
      '5',
      'application/scim+json',
    ]);
    expect(await answer.json()).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '503',
    });
    const api = await test.api.call<ErrorBody>('GET', `/organizations/${home.b.organization}`);
    expect([api.status, api.body.error.code]).toEqual([503, 'unavailable']);
    expect((await home.control.scim.call('GET', '/Users')).status).toBe(200);
    await move('settled');
    await waitUntil(async () => (await ask()).status === 200);
  });
});

describe('what is sent as it comes', () => {
  it('comes from whichever cell has it: a snapshot, the events of a page, answers at an address of another service', async () => {
    const portal = connectPortal({ ingress: test, api: test.api, newOrganization: () => test.newOrganization('b') });
    for (const [cell, { organization, directory, scim }] of Object.entries(home)) {
      const snapshot = await fetch(`${test.baseUrl}/api/v1${pathOf(directory)}/snapshot`, {
        headers: { authorization: `Bearer ${test.api.accessToken}` },
      });
      expect((await snapshot.text()).trim().split('\n').at(-1)).toMatch(/^\{"kind":"end"/);
      const { cookie } = await portal.openSession(organization);
      const live = await fetch(`${test.baseUrl}/portal/api/live?organization=${organization}`, { headers: { cookie } });
      expect(live.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      const reader = live.body?.getReader();
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).not.toBe('');
      await reader?.cancel();
      const { adminUrl } = cell === 'b' ? test.b : test.control;
      await runAsAdmin(adminUrl, [
        [
          `INSERT INTO directory_aliases (environment_id, directory_id, alias)
           SELECT environment_id, id, $2 FROM directories WHERE id = $1`,
          [directory.id.slice(4), `scalekit.dir_${cell}`],
        ],
      ]);
      const ask = (token: string) =>
        fetch(`${test.baseUrl}/directory/dir_${cell}/scim/v2/Users`, { headers: { authorization: `Bearer ${token}` } });
      expect((await ask(scim.token)).status).toBe(200);
      expect((await ask('x'.repeat(40))).status).toBe(401);
    }
  });

  it('comes by HTTP/2 too: calls of gRPC', async () => {
    const { client_id, client_secret } = test.credentials;
    const client = new ScalekitClient(test.baseUrl, client_id, client_secret);
    const { organizations } = await client.organization.listOrganization({ pageSize: 30 });
    const ids = organizations.map(({ id }) => id);
    expect(ids).toContain(home.control.organization);
    expect(ids).toContain(home.b.organization);
  });
});

describe('the overview', () => {
  it('counts what all cells have', async () => {
    const { status, body } = await test.api.call<OverviewAnswer>('GET', '/overview');
    expect([status, body.directories.surveyed]).toEqual([200, 2]);
  });
});

describe('the event feed of several cells', () => {
  it('has every event once and each directory in order, whatever the size of a page', async () => {
    for (let turn = 0; turn < 4; turn++) {
      await addPeople(home.control, 2);
      await drain(test.control.appUrl, home.control.directory.id);
      await addPeople(home.b, 3);
      await drain(test.b.appUrl, home.b.directory.id);
    }
    await drainBoth();
    const all = await readFeed();
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { directory } of Object.values(home)) {
      const sequences = all.filter((event) => event.directory_id === directory.id).map(({ sequence }) => sequence);
      expect(sequences).toEqual(sequences.map((_, index) => index + 1));
      expect(sequences.length).toBeGreaterThan(8);
    }
    for (const size of [1, 2, 3, 7]) {
      expect((await readFeed('', size)).map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    }
  });
});

it('streams end when the ingress stops, and it stops', async () => {
  const other = await startTestCells();
  await other.whenJoined();
  const portal = connectPortal({ ingress: other, api: other.api, newOrganization: () => other.newOrganization('b') });
  const { cookie, organizationId } = await portal.openSession();
  const url = `${other.baseUrl}/portal/api/live?organization=${organizationId}`;
  const live = await fetch(url, { headers: { cookie } });
  expect(live.status).toBe(200);
  const ended = live.text();
  await other.stop();
  expect(await ended).toContain('data:');
});
