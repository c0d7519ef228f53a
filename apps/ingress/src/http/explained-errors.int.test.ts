import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateDatabase } from '@rollcall/database';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestIngress } from '../testing/start-test-ingress';
import type { TestIngress } from '../testing/start-test-ingress';

let databases: TestDatabase[];
let documented: TestIngress;
let bare: TestIngress;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-docs-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>start</title>');
  await mkdir(join(folder, 'errors'));
  const known = [{ parts: ['Send the token of this directory in the ', ' header.'], anchor: 'send-the-token' }];
  await writeFile(join(folder, 'errors/scim-details.json'), JSON.stringify(known));
  databases = [
    await createTestDatabase({ migrate: migrateDatabase }),
    await createTestDatabase({ migrate: migrateDatabase }),
  ];
  documented = await startTestIngress(databases[0]!, {
    docsFolder: folder,
    env: { PUBLIC_URL: 'https://rollcall.example.com' },
  });
  bare = await startTestIngress(databases[1]!);
});

afterAll(async () => {
  await documented?.stop();
  await bare?.stop();
  for (const database of databases ?? []) await database.drop();
  await rm(folder, { recursive: true });
});

const KEY = 'a'.repeat(26);
const DOCS = 'https://rollcall.example.com/docs';

it.each([
  ['the API', '/api/v1/organizations', {}, `${DOCS}/errors#unauthenticated`],
  ['the portal', '/portal/api/session', {}, `${DOCS}/errors#session_missing`],
  ['the token endpoint', '/oauth/token', { method: 'POST' }, `${DOCS}/errors#invalid_request`],
  ['SCIM, by its detail', `/scim/${KEY}/v2/Users`, {}, `${DOCS}/errors/scim#send-the-token`],
  [
    'SCIM whose detail is not known',
    `/scim/${KEY}/v2/Users`,
    { headers: { authorization: 'Bearer wrong' } },
    `${DOCS}/errors/scim#status-401`,
  ],
  ['no address', '/none', { headers: { accept: 'application/json' } }, `${DOCS}/errors#not_found`],
])('an error of %s links to what explains it', async (_what, path, init, address) => {
  const answer = await fetch(documented.baseUrl + path, init);
  expect(answer.ok).toBe(false);
  expect(answer.headers.get('link')).toBe(`<${address}>; rel="help"`);
  const body = (await answer.json()) as { error?: { documentation_url?: string } };
  if (typeof body.error === 'object') expect(body.error.documentation_url).toBe(address);
});

it('an error links to nothing where the documentation is not served', async () => {
  const answer = await fetch(`${bare.baseUrl}/api/v1/organizations`);
  expect(answer.headers.get('link')).toBeNull();
  expect(await answer.json()).toEqual({ error: expect.not.objectContaining({ documentation_url: expect.anything() }) });
});
