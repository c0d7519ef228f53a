import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { runAsAdmin } from '../../testing/seed-directory';
import { connectPortal } from '../../portal-api/testing/connect-portal';
import type { DirectoryItem } from '../directories/directory.dto';
import { drain } from '../testing/drain.test-support';
import { connectScim, pathOf, startApi } from '../testing/start-api';
import type { ScimClient, TestApi } from '../testing/start-api';
import type { RequestAnswer, RequestItem, RequestList, RequestTraceItem } from './request.dto';

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

// The last test has stopped the ingress.
afterAll(() => test?.database.drop());

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

async function start(): Promise<{ directory: DirectoryItem; scim: ScimClient }> {
  const directory = await test.newDirectory();
  return { directory, scim: await test.newScim(directory) };
}

async function list(directory: DirectoryItem, query = ''): Promise<RequestItem[]> {
  return (await test.api.call<RequestList>('GET', `${pathOf(directory)}/requests?page_size=100${query}`)).body.requests;
}

/** The log of a directory once it has so many entries, newest first. */
async function logOf(directory: DirectoryItem, count: number): Promise<RequestItem[]> {
  await waitUntil(async () => (await list(directory)).length >= count);
  return list(directory);
}

async function traceOf(directory: DirectoryItem, id: string): Promise<RequestTraceItem> {
  return (await test.api.call<RequestAnswer>('GET', `${pathOf(directory)}/requests/${id}`)).body.request;
}

const sql = <Row>(text: string, ...values: unknown[]) => runAsAdmin<Row>(test.database.adminUrl, [[text, values]]);

describe('a request', () => {
  it('is in the log also when whoever sent it had gone before the answer', async () => {
    const { directory, scim } = await start();
    const admin = new Client({ connectionString: test.database.adminUrl });
    await admin.connect();
    await admin.query('BEGIN');
    await admin.query('LOCK TABLE directory_users IN ACCESS EXCLUSIVE MODE');
    const leaving = new AbortController();
    const asked = fetch(`${test.ingress.baseUrl}/scim/${directory.id.slice(4)}/v2/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${scim.token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify({ userName: 'gone@acme.test' }),
      signal: leaving.signal,
    });
    // By another connection: within a transaction the activity of others stays as it was first seen.
    await waitUntil(async () => {
      const [activity] = await sql<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return activity?.waiting;
    });
    leaving.abort();
    await expect(asked).rejects.toThrow('aborted');
    await admin.query('COMMIT');
    await admin.end();
    const [request] = await logOf(directory, 1);
    expect(request).toMatchObject({ method: 'POST', status: 201, outcome: 'changed' });
  });

  it('is in the log as it came and was answered, under the name that its answer has', async () => {
    const { directory, scim } = await start();
    const answer = await fetch(`${test.ingress.baseUrl}/scim/${directory.id.slice(4)}/v2/Users`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${scim.token}`,
        'content-type': 'application/scim+json',
        'user-agent': 'Okta SCIM Client 1.0.0',
        'x-okta-request-id': 'okta-1',
      },
      body: JSON.stringify({ userName: 'ann@acme.test', title: 'CEO', password: 'hunter2' }),
    });
    const { id } = (await answer.json()) as { id: string };
    const [request] = await logOf(directory, 1);
    expect(request).toEqual({
      id: answer.headers.get('x-request-id'),
      occurred_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown,
      method: 'POST',
      path: '/Users',
      status: 201,
      scim_type: null,
      detail: null,
      duration_ms: expect.any(Number) as unknown,
      secret_id: expect.stringMatching(/^sec_/) as unknown,
      user_agent: 'Okta SCIM Client 1.0.0',
      correlation_id: 'okta-1',
      ip_address: '127.0.0.1',
      resource_id: `diruser_${id}`,
      outcome: 'changed',
      not_recorded: 0,
    });
    const trace = await traceOf(directory, request?.id ?? '');
    expect(trace.request_body).toEqual({ userName: 'ann@acme.test', title: '[redacted]', password: '[redacted]' });
    expect(trace.response_body).toEqual({
      id,
      userName: 'ann@acme.test',
      active: true,
      meta: { resourceType: 'User', version: 'W/"1"' },
    });
    const [stored] = await sql<{ row: string }>(
      'SELECT r::text AS row FROM scim_requests r WHERE id = $1',
      request?.id.slice(4),
    );
    expect(stored?.row).not.toMatch(/CEO|hunter2/);
  });

  it('says what came of it: changed, unchanged, read, refused', async () => {
    const { directory, scim } = await start();
    const { body } = await scim.call('POST', '/Users', { userName: 'ann@acme.test' });
    const rename = { schemas: [PATCH], Operations: [{ op: 'replace', path: 'title', value: 'CEO' }] };
    await scim.call('PATCH', `/Users/${body.id}`, rename);
    await scim.call('PATCH', `/Users/${body.id}`, rename);
    await scim.call('GET', '/Users?filter=userName%20eq%20%22ann@acme.test%22');
    await scim.call('POST', '/Users/.search', { filter: 'userName eq "ann@acme.test"' });
    await scim.call('POST', '/Users', { userName: 'ann@acme.test' });
    await scim.call('DELETE', `/Users/${body.id}`);
    await scim.call('GET', `/Users/${body.id}`);
    const log = await logOf(directory, 8);
    expect(
      log.map(({ method, path, status, outcome }) => [method, path.replace(body.id, ':id'), status, outcome]),
    ).toEqual([
      ['GET', '/Users/:id', 404, 'refused'],
      ['DELETE', '/Users/:id', 204, 'changed'],
      ['POST', '/Users', 409, 'refused'],
      ['POST', '/Users/.search', 200, 'read'],
      ['GET', '/Users?filter=userName eq "[redacted]"', 200, 'read'],
      ['PATCH', '/Users/:id', 200, 'unchanged'],
      ['PATCH', '/Users/:id', 200, 'changed'],
      ['POST', '/Users', 201, 'changed'],
    ]);
    const conflict = log.find(({ status }) => status === 409);
    expect(conflict).toMatchObject({ scim_type: 'uniqueness', resource_id: null });
    expect((await traceOf(directory, conflict?.id ?? '')).response_body).toMatchObject({
      status: '409',
      scimType: 'uniqueness',
      detail: conflict?.detail,
    });
  });

  it('is in the log when it was refused before it was read, and when its token may not act any more', async () => {
    const { directory, scim } = await start();
    await fetch(`${test.ingress.baseUrl}/scim/${directory.id.slice(4)}/v2/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${scim.token}`, 'content-type': 'application/scim+json' },
      body: '{"userName": "ann',
    });
    await test.api.call('PATCH', `${pathOf(directory)}:disable`);
    await scim.call('GET', '/Users');
    await test.api.call('PATCH', `${pathOf(directory)}:enable`);
    const { secrets } = (await test.api.call<{ secrets: { id: string }[] }>('GET', `${pathOf(directory)}/secrets`))
      .body;
    await test.api.call('DELETE', `${pathOf(directory)}/secrets/${secrets[0]?.id}`);
    await scim.call('POST', '/Users', { userName: 'ann@acme.test' });
    const log = await logOf(directory, 3);
    expect(log.map(({ status, scim_type, outcome }) => [status, scim_type, outcome])).toEqual([
      [401, null, 'refused'],
      [403, null, 'refused'],
      [400, 'invalidSyntax', 'refused'],
    ]);
    expect(log[0]?.secret_id).toBe(secrets[0]?.id);
  });

  it('is not in the log without a token of the directory: that is counted in the audit log', async () => {
    const { directory } = await start();
    const stranger = connectScim(test.ingress.baseUrl, directory, 'nonsense');
    expect((await stranger.call('GET', '/Users')).status).toBe(401);
    const other = await start();
    await other.scim.call('GET', '/Users');
    await logOf(other.directory, 1);
    expect(await list(directory)).toEqual([]);
  });
});

describe('the log', () => {
  it('is read page by page, and narrowed by outcome, method, status, resource, name and time', async () => {
    const { directory, scim } = await start();
    const users: string[] = [];
    for (let n = 0; n < 4; n++)
      users.push((await scim.call('POST', '/Users', { userName: `u${n}@acme.test` })).body.id);
    await scim.call('POST', '/Users', { userName: 'U1@acme.test' });
    await scim.call('GET', `/Users/${users[2]}`);
    const log = await logOf(directory, 6);
    const paged: RequestItem[] = [];
    for (let token: string | undefined; token !== '';) {
      const page = await test.api.call<RequestList>(
        'GET',
        `${pathOf(directory)}/requests?page_size=2&page_token=${token ?? ''}`,
      );
      paged.push(...page.body.requests);
      token = page.body.next_page_token;
    }
    expect(paged).toEqual(log);
    expect(await list(directory, '&outcome=refused')).toEqual(log.filter(({ status }) => status === 409));
    expect(await list(directory, '&method=GET')).toHaveLength(1);
    expect(await list(directory, '&status=201')).toHaveLength(4);
    expect(await list(directory, `&resource_id=diruser_${users[2]}`)).toHaveLength(2);
    expect(await list(directory, `&resource_id=${users[2]}`)).toHaveLength(2);
    expect(await list(directory, '&user_name=u1@ACME.test')).toHaveLength(2);
    const third = log[2]?.occurred_at ?? '';
    expect((await list(directory, `&from_time=${third}`)).map(({ id }) => id)).toContain(log[2]?.id);
    expect((await list(directory, `&to_time=${third}`)).map(({ id }) => id)).toContain(log[2]?.id);
    expect(await list(directory, '&from_time=2100-01-01T00:00:00Z')).toEqual([]);
    expect(await list(directory, '&to_time=2000-01-01T00:00:00Z')).toEqual([]);
  });

  it('is the directory’s own: of another one, organization or environment there is nothing', async () => {
    const [mine, other] = [await start(), await start()];
    await mine.scim.call('GET', '/Users');
    const [request] = await logOf(mine.directory, 1);
    const at = (directory: DirectoryItem) => `${pathOf(directory)}/requests/${request?.id}`;
    expect(await list(other.directory)).toEqual([]);
    expect((await test.api.call('GET', at(other.directory))).status).toBe(404);
    expect((await test.foreign.call('GET', at(mine.directory))).status).toBe(404);
    expect((await test.foreign.call('GET', `${pathOf(mine.directory)}/requests`)).status).toBe(404);
  });

  it('is the same for the organization’s admin', async () => {
    const { directory, scim } = await start();
    await scim.call('POST', '/Users', { userName: 'ann@acme.test' });
    const [request] = await logOf(directory, 1);
    const portal = connectPortal(test);
    const { cookie } = await portal.openSession(directory.organization_id);
    const page = await portal.call<RequestList>('GET', `/directories/${directory.id}/requests`, { cookie });
    expect(page.body.requests).toEqual([request]);
    const one = await portal.call<RequestAnswer>('GET', `/directories/${directory.id}/requests/${request?.id}`, {
      cookie,
    });
    expect(one.body.request).toEqual(await traceOf(directory, request?.id ?? ''));
    const foreign = await start();
    const path = `/directories/${foreign.directory.id}/requests`;
    expect((await portal.call('GET', path, { cookie })).status).toBe(404);
  });

  it('keeps bodies whole but for secrets where the environment says so, from then on and no longer', async () => {
    const { directory, scim } = await start();
    const settings = (keep_bodies: boolean) => test.api.call('PATCH', '/request_log_settings', { keep_bodies });
    const send = async (userName: string) => {
      const before = (await list(directory)).length;
      await scim.call('POST', '/Users', { userName, title: 'CEO', password: 'hunter2' });
      const [newest] = await logOf(directory, before + 1);
      return (await traceOf(directory, newest?.id ?? '')).request_body as Record<string, unknown> | null;
    };
    expect((await settings(true)).body).toEqual({ request_log_settings: { keep_bodies: true } });
    // The first one tells the process.
    await send('first@acme.test');
    expect(await send('whole@acme.test')).toEqual({
      userName: 'whole@acme.test',
      title: 'CEO',
      password: '[redacted]',
    });
    await settings(false);
    expect(await send('gone@acme.test')).toBeNull();
    expect(await send('short@acme.test')).toMatchObject({ title: '[redacted]' });
    expect((await test.api.call('GET', '/request_log_settings')).body).toEqual({
      request_log_settings: { keep_bodies: false },
    });
  });

  it('loses what is older than its retention', async () => {
    const { directory, scim } = await start();
    await scim.call('GET', '/Users');
    const [request] = await logOf(directory, 1);
    // As if time had passed: a week in its partition, a day in which it is deleted from it.
    await sql(
      `UPDATE scim_request_packs p SET id = o.id, first_id = o.id, entries = replace(p.entries, p.id, o.id)
       FROM (SELECT ulid_floor(now() - interval '3 days') || substr($1, 11) AS id) o WHERE p.id = $1`,
      request?.id.slice(4),
    );
    expect(await list(directory)).toHaveLength(1);
    await sql('SELECT delete_expired_rows(2, NULL, 1000, 1000)');
    expect(await list(directory)).toEqual([]);
  });
});

describe('what came of a request', () => {
  it('is its events, once they are made, and nothing for one that changed nothing', async () => {
    const { directory, scim } = await start();
    const user = await scim.call('POST', '/Users', { userName: 'ann@acme.test' });
    const group = await scim.call('POST', '/Groups', { displayName: 'Staff', members: [{ value: user.body.id }] });
    await scim.call('GET', `/Groups/${group.body.id}`);
    const [read, made] = await logOf(directory, 3);
    expect(await traceOf(directory, made?.id ?? '')).toMatchObject({ publication: 'pending', events: [] });
    await drain(test.database.appUrl, directory.id);
    const trace = await traceOf(directory, made?.id ?? '');
    expect(trace).toMatchObject({ publication: 'published', has_more_events: false });
    expect(trace.events.map(({ type, resource_id }) => [type, resource_id])).toEqual([
      ['organization.directory.group_created', `dirgroup_${group.body.id}`],
      ['organization.directory.group_members_changed', `dirgroup_${group.body.id}`],
      ['organization.directory.user_updated', `diruser_${user.body.id}`],
    ]);
    expect(trace.events[0]?.deliveries).toEqual([]);
    expect(await traceOf(directory, read?.id ?? '')).toMatchObject({ publication: 'nothing', events: [] });
  });

  it('says so where an event has more deliveries, or a delivery more attempts, than are shown', async () => {
    const { directory, scim } = await start();
    await scim.call('POST', '/Users', { userName: 'ann@acme.test' });
    await scim.call('POST', '/Users', { userName: 'bob@acme.test' });
    const [bob, ann] = await logOf(directory, 2);
    await drain(test.database.appUrl, directory.id);
    const deliver = async (request: RequestItem | undefined, count: number) => {
      const [event] = (await traceOf(directory, request?.id ?? '')).events;
      await sql(
        `INSERT INTO deliveries (directory_id, environment_id, id, endpoint_id, event_id, event_type, sequence, resource_id, state,
           attempt, next_attempt_time)
         SELECT e.directory_id, e.environment_id, ulid_floor(now()) || substr(e.id, 11, 13) || lpad(n::text, 3, '0'),
           'endpoint' || n, e.id, e.type, e.sequence, e.resource_id, 'failed', 60, now()
         FROM events e, generate_series(1, $2::int) AS n WHERE e.id = $1`,
        event?.id.slice(4),
        count,
      );
    };
    await deliver(ann, 50);
    await deliver(bob, 51);
    await sql(
      `INSERT INTO delivery_attempts (directory_id, delivery_id, attempt, environment_id, endpoint_id, start_time, status)
       SELECT d.directory_id, d.id, n, d.environment_id, d.endpoint_id, now(), 500 FROM deliveries d, generate_series(1, 60) AS n
       WHERE d.directory_id = $1 AND d.endpoint_id = 'endpoint1'`,
      directory.id.slice(4),
    );
    const shown = async (request: RequestItem | undefined) => {
      const [event] = (await traceOf(directory, request?.id ?? '')).events;
      const [first] = event?.deliveries ?? [];
      return [event?.deliveries.length, event?.has_more_deliveries, first?.attempt_log.length, first?.attempts];
    };
    expect(await shown(ann)).toEqual([50, false, 50, 60]);
    expect(await shown(bob)).toEqual([50, true, 50, 60]);
  });

  it('is told apart for writers at the same time, whose statements are shared', async () => {
    const { directory, scim } = await start();
    const names = Array.from({ length: 40 }, (_, n) => `u${n}@acme.test`);
    const made = await Promise.all(names.map((userName) => scim.call('POST', '/Users', { userName })));
    await Promise.all(
      made.map(({ body }) => scim.call('PUT', `/Users/${body.id}`, { userName: `${body.id}@acme.test`, title: 'CEO' })),
    );
    const log = await logOf(directory, 80);
    await drain(test.database.appUrl, directory.id);
    for (const request of log.slice(0, 50)) {
      const { events } = await traceOf(directory, request.id);
      const type = `organization.directory.user_${request.method === 'POST' ? 'created' : 'updated'}`;
      expect(events.map((event) => [event.type, event.resource_id])).toEqual([[type, request.resource_id]]);
    }
  });

  it('is that of every operation of a bulk request', async () => {
    const { directory, scim } = await start();
    const operation = (n: number) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `b${n}`,
      data: { userName: `b${n}@acme.test` },
    });
    await scim.call('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [operation(1), operation(2)],
    });
    const [request] = await logOf(directory, 1);
    await drain(test.database.appUrl, directory.id);
    expect(request).toMatchObject({ path: '/Bulk', outcome: 'changed', resource_id: null });
    expect((await traceOf(directory, request?.id ?? '')).events).toHaveLength(2);
  });
});

it('is written before the process ends', async () => {
  const { directory, scim } = await start();
  for (let n = 0; n < 20; n++) await scim.call('GET', '/Users');
  await test.ingress.stop();
  const rows = await sql('SELECT 1 FROM scim_requests WHERE directory_id = $1', directory.id.slice(4));
  expect(rows).toHaveLength(20);
});
