import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import { writeSignIns } from '@rollcall/management';
import type { SignInRow } from '@rollcall/management';
import { newId } from '@rollcall/platform';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import type { AuditEntryItem, AuditLogAnswer } from '../management/audit/audit.dto';
import { connectScim, pathOf, startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { runAsAdmin } from '../testing/seed-directory';

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

// The last test has stopped the ingress.
afterAll(() => test?.database.drop());

async function read(query: string): Promise<AuditEntryItem[]> {
  return (await test.api.call<AuditLogAnswer>('GET', `/audit_log?page_size=100&${query}`)).body.entries;
}

/** Of refusals, all of them in however many minutes they came: how often each reason. */
async function refusals(targetId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { action, changes } of await read(`target_id=${targetId}`)) {
    if (action !== 'sign_in.refused') continue;
    const reason = String(changes['reason']?.to);
    counts[reason] = (counts[reason] ?? 0) + Number(changes['count']?.to);
  }
  return counts;
}

function token(clientId: string, clientSecret: string): Promise<Response> {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  return fetch(`${test.ingress.baseUrl}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
}

it('has an entry for a token that is given, and one for all beyond a number in a minute', async () => {
  const { client_id, client_secret } = test.ingress.credentials;
  const answer = await token(client_id, client_secret);
  expect((await read('action=sign_in.succeeded'))[0]).toMatchObject({
    actor: { type: 'api_client', id: client_id },
    target: { type: 'api_client', id: client_id },
    organization_id: null,
    ip_address: '127.0.0.1',
    request_id: answer.headers.get('x-request-id'),
    changes: {},
  });
  const before = (await read('action=sign_in.succeeded')).length;
  const results = await Promise.all(Array.from({ length: 60 }, () => token(client_id, client_secret)));
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set([200]));
  await waitUntil(async () => {
    const entries = await read('action=sign_in.succeeded');
    const sum = entries.reduce((total, { changes }) => total + Number(changes['count']?.to ?? 1), 0);
    return sum === before + 60 && entries.length < before + 60;
  });
});

it('counts the refusals of a known client in one row, and those of an unknown one nowhere', async () => {
  const { client_id } = test.ingress.credentials;
  for (let n = 0; n < 4; n++) expect((await token(client_id, 'wrong')).status).toBe(401);
  expect((await token('clt_nobody', 'wrong')).status).toBe(401);
  await waitUntil(async () => (await refusals(client_id))['wrong_secret'] === 4);
  const [entry] = await read('action=sign_in.refused');
  expect(entry).toMatchObject({
    actor: { type: 'anonymous', id: null, name: null },
    target: { type: 'api_client', id: client_id },
    ip_address: '127.0.0.1',
  });
  const everywhere = await runAsAdmin<{ target_id: string }>(test.database.adminUrl, [
    [`SELECT target_id FROM audit_log WHERE action = 'sign_in.refused'`, []],
  ]);
  expect(everywhere.map(({ target_id }) => target_id)).not.toContain('clt_nobody');
});

it('counts what an identity provider is refused, by reason, in the log of its directory, also at an address of before', async () => {
  const directory = await test.newDirectory();
  const scim = await test.newScim(directory);
  const stranger = connectScim(test.ingress.baseUrl, directory, 'nonsense');
  for (let n = 0; n < 3; n++) expect((await stranger.call('GET', '/Users')).status).toBe(401);
  await test.api.call('PATCH', `${pathOf(directory)}:disable`);
  for (let n = 0; n < 2; n++) expect((await scim.call('GET', '/Users')).status).toBe(403);
  await runAsAdmin(test.database.adminUrl, [
    [
      `INSERT INTO directory_aliases (environment_id, alias, directory_id)
       SELECT environment_id, 'workos.AbC1', id FROM directories WHERE id = $1`,
      [directory.id.slice(4)],
    ],
  ]);
  const atAlias = `${test.ingress.baseUrl}/scim/v2.0/AbC1/Users`;
  const wrong = { authorization: 'Bearer a-token-that-was-typed-wrong' };
  expect((await fetch(atAlias, { headers: wrong })).status).toBe(401);
  const nobody = connectScim(test.ingress.baseUrl, { id: `dir_${newId()}` }, 'nonsense');
  expect((await nobody.call('GET', '/Users')).status).toBe(401);
  await waitUntil(async () => Object.keys(await refusals(directory.id)).length === 2);
  expect(await refusals(directory.id)).toEqual({ invalid_token: 4, disabled: 2 });
  const entries = await read(`organization_id=${directory.organization_id}&action=sign_in.refused`);
  expect(new Set(entries.map(({ target }) => target.name))).toEqual(new Set([directory.name]));
});

it('has no entry of what an identity provider writes', async () => {
  const directory = await test.newDirectory();
  const scim = await test.newScim(directory);
  const before = await read(`organization_id=${directory.organization_id}`);
  expect((await scim.call('POST', '/Users', { userName: 'ann@acme.test' })).status).toBe(201);
  expect(await read(`organization_id=${directory.organization_id}`)).toEqual(before);
});

it('is one row for a minute however many processes count, and a sum', async () => {
  const dataSource = await createDataSource({ url: test.database.appUrl, poolSize: 2 }).initialize();
  const { client_id } = test.ingress.credentials;
  const row = (count: number, ipAddress: string): SignInRow => ({
    id: '0'.repeat(26).replace(/^0{10}/, newId().slice(0, 10)),
    action: 'sign_in.refused',
    target: { type: 'api_client', id: client_id },
    reason: 'expired',
    count,
    origin: { ipAddress, requestId: null },
  });
  const first = row(7, '203.0.113.1');
  await Promise.all([first, { ...row(5, '203.0.113.2'), id: first.id }].map((one) => writeSignIns(dataSource, [one])));
  await dataSource.destroy();
  const entries = (await read('action=sign_in.refused')).filter(({ changes }) => changes['reason']?.to === 'expired');
  expect(entries.map(({ changes }) => changes['count']?.to)).toEqual([12]);
});

it('writes what it has counted before the process ends', async () => {
  const directory = await test.newDirectory();
  const stranger = connectScim(test.ingress.baseUrl, directory, 'nonsense');
  expect((await stranger.call('GET', '/Users')).status).toBe(401);
  await test.ingress.stop();
  const rows = await runAsAdmin(test.database.adminUrl, [
    [`SELECT 1 FROM audit_log WHERE action = 'sign_in.refused' AND target_id = $1`, [directory.id]],
  ]);
  expect(rows).toHaveLength(1);
});
