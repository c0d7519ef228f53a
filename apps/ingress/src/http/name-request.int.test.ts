import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import type { AuditLogAnswer } from '../management/audit/audit.dto';
import type { DirectoryItem } from '../management/directories/directory.dto';
import type { RequestAnswer, RequestList } from '../management/requests/request.dto';
import { pathOf, startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { runAsAdmin } from '../testing/seed-directory';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${TRACE}-b7ad6b7169203331-01`;

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

afterAll(() => test?.stop());

interface Refusal {
  error: { code: string; request_id: string };
}

function send(path: string, headers: Record<string, string>, body?: object): Promise<Response> {
  return fetch(test.ingress.baseUrl + path, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${test.api.accessToken}`, 'content-type': 'application/json', ...headers },
    body: body && JSON.stringify(body),
  });
}

const linesOf = (name: string | null) => test.ingress.logLines().filter((line) => line.request_id === name);

describe('the name of a request', () => {
  it('is the one that its sender gave it: in the answer, the log, with its trace, and the audit log', async () => {
    const name = 'gateway/7f3a:42';
    const made = await send(
      '/api/v1/organizations',
      { 'x-request-id': name, traceparent: TRACEPARENT },
      { display_name: 'Acme' },
    );
    expect([made.status, made.headers.get('x-request-id')]).toEqual([201, name]);
    const { organization } = (await made.json()) as { organization: { id: string } };
    const environment_id = test.ingress.credentials.environment_id;
    await waitUntil(() => linesOf(name).length > 0);
    expect(linesOf(name)).toMatchObject([{ msg: 'request', status: 201, trace_id: TRACE, environment_id }]);
    const { body } = await test.api.call<AuditLogAnswer>('GET', `/audit_log?target_id=${organization.id}`);
    expect(body.entries).toMatchObject([{ action: 'organization.created', request_id: name }]);
  });

  it.each([
    ['none was given', undefined],
    ['what was given is too long', 'x'.repeat(129)],
    ['what was given has other characters', 'a b'],
    ['what was given looks like one of ours', 'req_01kag3v2q9x8w7n6m5k4j3h2g1'],
  ])('is a new one where %s', async (_, name) => {
    const answer = await send('/api/v1/organizations', name === undefined ? {} : { 'x-request-id': name });
    const told = answer.headers.get('x-request-id');
    expect(told).toMatch(/^req_[0-9a-z]{26}$/);
    expect(told).not.toBe(name);
    await waitUntil(() => linesOf(told).length > 0);
    expect(linesOf(told)).toMatchObject([{ msg: 'request', status: 200 }]);
  });

  it('is told with an error, where its form has a place for it', async () => {
    const refused = await send('/api/v1/organizations/org_none', { 'x-request-id': 'mine-1' });
    expect(((await refused.json()) as Refusal).error).toMatchObject({
      code: 'organization_not_found',
      request_id: 'mine-1',
    });
    const unknown = await send('/api/v1/%zz', { 'x-request-id': 'mine-2' });
    expect(unknown.headers.get('x-request-id')).toBe('mine-2');
    expect(((await unknown.json()) as Refusal).error.request_id).toBe('mine-2');
  });

  it('stands in every line of the log about a request that failed', async () => {
    const rename = (from: string, to: string) =>
      runAsAdmin(test.database.adminUrl, [[`ALTER TABLE ${from} RENAME TO ${to}`, []]]);
    await rename('organizations', 'gone');
    try {
      const failed = await send('/api/v1/organizations', { 'x-request-id': 'fails-1', traceparent: TRACEPARENT });
      expect(failed.status).toBe(500);
    } finally {
      await rename('gone', 'organizations');
    }
    await waitUntil(() => linesOf('fails-1').length > 1);
    const told = { request_id: 'fails-1', trace_id: TRACE };
    expect(linesOf('fails-1')).toMatchObject([
      { msg: 'request failed', ...told },
      { msg: 'request', ...told },
    ]);
  });
});

describe('a SCIM request that its sender has named', () => {
  let directory: DirectoryItem;
  let token: string;

  beforeAll(async () => {
    directory = await test.newDirectory();
    ({ token } = await test.newScim(directory));
  });

  it('is found in the request log by a name of its own, which the log tells, however often the sender uses one', async () => {
    const path = `/scim/${directory.id.slice(4)}/v2/Users`;
    const headers = { authorization: `Bearer ${token}`, 'x-request-id': 'twice' };
    for (const userName of ['one@example.com', 'two@example.com']) {
      const answer = await send(path, headers, { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName });
      expect([answer.status, answer.headers.get('x-request-id')]).toEqual([201, 'twice']);
    }
    const list = async () =>
      (await test.api.call<RequestList>('GET', `${pathOf(directory)}/requests?method=POST`)).body.requests;
    await waitUntil(async () => (await list()).length === 2);
    const logged = await list();
    expect(logged.map(({ correlation_id }) => correlation_id)).toEqual(['twice', 'twice']);
    const names = linesOf('twice').map(({ scim_request_id, directory_id }) => ({ scim_request_id, directory_id }));
    expect(names).toEqual(logged.map(({ id }) => ({ scim_request_id: id, directory_id: directory.id })).toReversed());
    const { status } = await test.api.call<RequestAnswer>('GET', `${pathOf(directory)}/requests/${logged[0]?.id}`);
    expect(status).toBe(200);
  });

  it('has that name alone where its sender gave none', async () => {
    const path = `/scim/${directory.id.slice(4)}/v2/Users`;
    const answer = await send(path, { authorization: `Bearer ${token}` });
    const told = answer.headers.get('x-request-id');
    await waitUntil(() => linesOf(told).length > 0);
    expect(linesOf(told)[0]).not.toHaveProperty('scim_request_id');
    const find = () => test.api.call<RequestAnswer>('GET', `${pathOf(directory)}/requests/${told}`);
    await waitUntil(async () => (await find()).status === 200);
  });
});
