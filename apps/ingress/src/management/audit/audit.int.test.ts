import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { runAsAdmin } from '../../testing/seed-directory';
import type { OrganizationAnswer } from '../organizations/organization.dto';
import { startApi } from '../testing/start-api';
import type { ErrorBody, TestApi } from '../testing/start-api';
import type { AuditEntryItem, AuditLogAnswer } from './audit.dto';

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), { TRUSTED_PROXIES: '127.0.0.1' });
});

afterAll(() => test?.stop());

async function read(query = ''): Promise<AuditEntryItem[]> {
  const { status, body } = await test.api.call<AuditLogAnswer & ErrorBody>('GET', `/audit_log?page_size=100${query}`);
  if (status !== 200) throw new Error(body.error.message);
  return body.entries;
}

const about = (target: string) => read(`&target_id=${target}`);

function send(method: string, path: string, headers: Record<string, string>, body?: object): Promise<Response> {
  return fetch(`${test.ingress.baseUrl}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${test.api.accessToken}`, 'content-type': 'application/json', ...headers },
    body: body && JSON.stringify(body),
  });
}

const sql = <Row>(text: string, ...values: unknown[]) => runAsAdmin<Row>(test.database.adminUrl, [[text, values]]);

describe('an entry', () => {
  it('says who did what to what, what changed, and from where it came', async () => {
    const created = await send(
      'POST',
      '/organizations',
      { 'x-forwarded-for': '198.51.100.7' },
      { display_name: 'Acme', external_id: 'acme', metadata: { plan: 'free', seats: 5 } },
    );
    const { organization } = (await created.json()) as OrganizationAnswer;
    await test.api.call('PATCH', `/organizations/${organization.id}`, {
      display_name: 'Acme Inc',
      metadata: { plan: 'pro', seats: null },
    });
    const [updated, first] = await about(organization.id);
    expect(first).toEqual({
      id: expect.stringMatching(/^aud_[0-9a-z]{26}$/),
      occurred_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      actor: { type: 'api_client', id: test.ingress.credentials.client_id, name: 'First client' },
      action: 'organization.created',
      target: { type: 'organization', id: organization.id, name: 'Acme' },
      organization_id: organization.id,
      ip_address: '198.51.100.7',
      request_id: created.headers.get('x-request-id'),
      changes: {
        display_name: { from: null, to: 'Acme' },
        external_id: { from: null, to: 'acme' },
        'metadata.plan': { from: null, to: 'free' },
        'metadata.seats': { from: null, to: 5 },
      },
    });
    expect(updated).toMatchObject({ action: 'organization.updated', ip_address: '127.0.0.1' });
    expect(updated?.changes).toEqual({
      display_name: { from: 'Acme', to: 'Acme Inc' },
      'metadata.plan': { from: 'free', to: 'pro' },
      'metadata.seats': { from: 5, to: null },
    });
  });

  it('is not made where nothing changes, nor where the change is refused', async () => {
    const directory = await test.newDirectory();
    const path = `/organizations/${directory.organization_id}`;
    const before = await read();
    await test.api.call('PATCH', path, { display_name: 'Acme' });
    await test.api.call('PATCH', `${path}/directories/${directory.id}:enable`);
    await test.api.call('PATCH', `${path}/settings`, { features: [{ name: 'dir_sync', enabled: true }] });
    expect((await test.api.call('PATCH', path, { external_id: 'acme' })).status).toBe(409);
    expect(await read()).toEqual(before);
  });

  it('and its change are there together or not at all', async () => {
    await sql('REVOKE INSERT ON audit_log FROM rollcall_app');
    const refused = await test.api.call<ErrorBody>('POST', '/organizations', { display_name: 'Untold' });
    await sql('GRANT INSERT ON audit_log TO rollcall_app');
    expect(refused.status).toBe(500);
    expect(await sql(`SELECT 1 FROM organizations WHERE display_name = 'Untold'`)).toEqual([]);
  });
});

describe('GET /audit_log', () => {
  it('gives what each filter asks for, newest first, page after page', async () => {
    const organization = await test.newOrganization();
    for (const name of ['a', 'b', 'c'])
      await test.api.call('PATCH', `/organizations/${organization}`, { display_name: name });
    const own = await read(`&organization_id=${organization}`);
    expect(own.map(({ action }) => action)).toEqual([
      ...Array.from({ length: 3 }, () => 'organization.updated'),
      'organization_settings.updated',
      'organization.created',
    ]);
    expect(own.map(({ id }) => id)).toEqual(
      own
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
    const [newest, second] = own;
    const at = (time = '') => encodeURIComponent(time);
    const filters: [query: string, expected: AuditEntryItem[]][] = [
      [`&action=organization.updated`, own.slice(0, 3)],
      [`&target_id=${organization}`, own],
      [`&actor_id=${test.ingress.credentials.client_id}`, own],
      ['&actor_id=nobody', []],
      [
        `&from_time=${at(newest?.occurred_at)}`,
        own.filter((entry) => entry.occurred_at >= (newest?.occurred_at ?? '')),
      ],
      [`&to_time=${at(second?.occurred_at)}`, own.filter((entry) => entry.occurred_at <= (second?.occurred_at ?? ''))],
      [`&from_time=${at('9999-01-01T00:00:00Z')}`, []],
      [`&to_time=${at('0001-01-01T00:00:00Z')}`, []],
    ];
    for (const [query, expected] of filters) {
      expect([query, await read(`&organization_id=${organization}${query}`)]).toEqual([query, expected]);
    }
    const pages: AuditEntryItem[] = [];
    let token = '';
    do {
      const query = `organization_id=${organization}&page_size=2&page_token=${token}`;
      const { body } = await test.api.call<AuditLogAnswer>('GET', `/audit_log?${query}`);
      pages.push(...body.entries);
      token = body.next_page_token;
    } while (token !== '');
    expect(pages).toEqual(own);
  });

  it('shows nothing of another environment', async () => {
    const organization = await test.newOrganization();
    const { body } = await test.foreign.call<AuditLogAnswer>('GET', `/audit_log?organization_id=${organization}`);
    expect(body.entries).toEqual([]);
    const all = await test.foreign.call<AuditLogAnswer>('GET', '/audit_log?page_size=100');
    expect(new Set(all.body.entries.map(({ action }) => action))).toEqual(
      new Set(['api_client.created', 'environment.created', 'sign_in.succeeded']),
    );
  });
});

describe('an export', () => {
  const exported = async (query = '', signal?: AbortSignal) =>
    fetch(`${test.ingress.baseUrl}/api/v1/audit_log${query}`, {
      // Compressed, an export would be in the buffers between server and reader as a whole.
      headers: {
        authorization: `Bearer ${test.api.accessToken}`,
        accept: 'application/x-ndjson',
        'accept-encoding': 'identity',
      },
      signal,
    });

  it('is every entry that the filters let through, one a line', async () => {
    const organization = await test.newOrganization();
    const response = await exported(`?organization_id=${organization}`);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(await read(`&organization_id=${organization}`));
    expect(await (await exported('?actor_id=nobody')).text()).toBe('');
  });

  it('is one of two at a time, and leaves its place when its reader goes', async () => {
    // More than the buffers between server and reader hold.
    await sql(
      `INSERT INTO audit_log (environment_id, id, actor_type, action, target_type, changes)
       SELECT $1, ulid_floor(now()) || lpad(n::text, 16, '0'), 'system', 'role.updated', 'role', jsonb_build_object('x', repeat('x', 15000))
       FROM generate_series(1, 4000) AS n`,
      test.ingress.credentials.environment_id.slice(4),
    );
    const readers = [new AbortController(), new AbortController()];
    await Promise.all(readers.map(({ signal }) => exported('', signal)));
    const third = await exported();
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '10']);
    expect(await third.json()).toMatchObject({ error: { code: 'too_many_exports' } });
    for (const reader of readers) reader.abort();
    await waitUntil(async () => {
      const answer = await exported('?action=role.updated');
      await answer.body?.cancel();
      return answer.status === 200;
    });
  });
});
