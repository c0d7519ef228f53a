import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { drain } from '../management/testing/drain.test-support';
import { pathOf, startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { decodeAnswer, fetchRaw } from '../testing/raw-answer';
import type { RawAnswer } from '../testing/raw-answer';

const USERS = 60;

let test: TestApi;
let scimUrl: string;
let directoryPath: string;
let tokens: { scim: string; api: string };

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  const directory = await test.newDirectory();
  const scim = await test.newScim(directory);
  scimUrl = `/scim/${directory.id.slice(4)}/v2`;
  directoryPath = `/api/v1${pathOf(directory)}`;
  tokens = { scim: scim.token, api: test.api.accessToken };
  for (let n = 0; n < USERS; n++) {
    await scim.call('POST', '/Users', { userName: `user-${n}`, title: 'ü'.repeat(100), nickName: 'x'.repeat(5_000) });
  }
  await drain(test.database.appUrl, directory.id);
});

afterAll(() => test.stop());

interface Question {
  path: string;
  method?: string;
  body?: string;
  accept?: string;
}

function ask({ path, method, body, accept }: Question, acceptEncoding?: string): Promise<RawAnswer> {
  const isScim = path.startsWith('/scim');
  const headers = {
    authorization: `Bearer ${isScim ? tokens.scim : tokens.api}`,
    ...(body !== undefined && { 'content-type': 'application/scim+json', 'content-length': String(body.length) }),
    ...(accept !== undefined && { accept }),
    ...(acceptEncoding !== undefined && { 'accept-encoding': acceptEncoding }),
  };
  return fetchRaw(test.ingress.baseUrl + path, { method, headers, body });
}

/** A snapshot says when it was taken, and the feed goes on from what other transactions have come to. */
const withoutTime = (bytes: Buffer): string => bytes.toString().replace(/"(time|next_after)":"[^"]+"/, '');

const QUESTIONS: [string, () => Question][] = [
  ['a list of SCIM that is short enough to be whole', () => ({ path: `${scimUrl}/Users?count=5` })],
  ['a list of SCIM that is rendered while it is sent', () => ({ path: `${scimUrl}/Users?count=${USERS}` })],
  ['a search', () => ({ path: `${scimUrl}/Users/.search`, method: 'POST', body: JSON.stringify({ count: USERS }) })],
  [
    'a search of everything',
    () => ({ path: `${scimUrl}/.search`, method: 'POST', body: JSON.stringify({ count: 20 }) }),
  ],
  ['the schemas', () => ({ path: `${scimUrl}/Schemas` })],
  ['a list of the management API', () => ({ path: `${directoryPath}/users?page_size=100` })],
  ['the event feed', () => ({ path: '/api/v1/events?page_size=1000' })],
  ['a snapshot', () => ({ path: `${directoryPath}/snapshot` })],
  ['the audit log', () => ({ path: '/api/v1/audit_log' })],
  ['an export of the audit log', () => ({ path: '/api/v1/audit_log', accept: 'application/x-ndjson' })],
  ['the OpenAPI document', () => ({ path: '/api/openapi.json' })],
  ['the script of its page', () => ({ path: '/api/docs/swagger-ui-bundle.js' })],
  ['the style sheet of its page', () => ({ path: '/api/docs/swagger-ui.css' })],
];

describe.each(QUESTIONS)('%s', (_what, question) => {
  it('says in gzip what it says without, to those who take it', async () => {
    const [plain, coded] = [await ask(question()), await ask(question(), 'gzip, deflate')];
    expect([plain.status, plain.headers['content-encoding']]).toEqual([200, undefined]);
    expect([coded.status, coded.headers['content-encoding']]).toEqual([200, 'gzip']);
    expect(coded.headers['content-type']).toBe(plain.headers['content-type']);
    for (const { headers } of [plain, coded]) expect(headers.vary).toContain('accept-encoding');
    expect(coded.bytes.length).toBeLessThan(plain.bytes.length * 0.6);
    expect(withoutTime(decodeAnswer(coded)) === withoutTime(plain.bytes)).toBe(true);
  });
});

it('says that the audit log depends on Accept', async () => {
  for (const accept of [undefined, 'application/x-ndjson'])
    expect((await ask({ path: '/api/v1/audit_log', accept })).headers.vary).toContain('accept,');
});

it('leaves a single resource as it is, with the tag of its version', async () => {
  const { body } = await test.api.call<{ users: { id: string }[] }>(
    'GET',
    `${directoryPath.slice('/api/v1'.length)}/users`,
  );
  const path = `${scimUrl}/Users/${body.users[0]?.id.slice('diruser_'.length)}`;
  const small = await ask({ path: `${path}?attributes=userName` }, 'gzip');
  expect(small.headers['content-encoding']).toBeUndefined();
  expect(small.headers.vary).toBeUndefined();
  const large = await ask({ path }, 'gzip');
  expect([large.headers['content-encoding'], large.headers.etag]).toEqual(['gzip', small.headers.etag]);
  expect(large.headers.etag).toMatch(/^W\//);
});

it('answers a new secret as it is', async () => {
  const { headers } = await fetchRaw(`${test.ingress.baseUrl}${directoryPath}/secrets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.api}`, 'accept-encoding': 'gzip' },
  });
  expect([headers['content-encoding'], headers.vary]).toEqual([undefined, undefined]);
});
