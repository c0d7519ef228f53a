import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import type { Answer } from '../testing/scim-client';
import { useScim } from '../testing/use-scim';

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

const suite = useScim();

function post(path: string, coding: string, raw: Buffer, more: Record<string, string> = {}): Promise<Answer> {
  return suite.scim('POST', path, undefined, { raw, headers: { 'content-encoding': coding, ...more } });
}

function expectRefused({ status, json }: Answer, expected: number, scimType?: string): void {
  expect(json).toEqual({ schemas: [ERROR], status: String(expected), detail: expect.any(String), scimType });
  expect(status).toBe(expected);
}

const ENCODERS: [string, (bytes: Buffer) => Buffer][] = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['GZIP', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['identity', (bytes) => bytes],
];

describe.each(ENCODERS)('a SCIM body in %s', (coding, encode) => {
  it('is taken as the body that it stands for, small or large', async () => {
    const userName = suite.unique('coded');
    const user = await post('/Users', coding, encode(Buffer.from(JSON.stringify({ userName, displayName: 'Zoë' }))));
    expect([user.status, user.json.userName, user.json.displayName]).toEqual([201, userName, 'Zoë']);
    const members = Array.from({ length: 20_000 }, () => ({ value: newId() }));
    const group = { displayName: userName, members: [...members, { value: user.json.id }] };
    const made = await post('/Groups', coding, encode(Buffer.from(JSON.stringify(group))));
    expect(made.status, made.text).toBe(201);
    expect(made.json.members?.map(({ value }) => value)).toEqual([user.json.id]);
  });

  it('is refused with 413 where it becomes larger than its limit', async () => {
    const bomb = encode(Buffer.from(`{"userName":"x","note":"${'x'.repeat(20_000_000)}"}`));
    for (const path of ['/Users', '/Groups', '/Bulk']) expectRefused(await post(path, coding, bomb), 413);
  });
});

it('refuses what is not in its coding as malformed', async () => {
  const plain = Buffer.from('{"userName":"x"}');
  for (const coding of ['gzip', 'deflate', 'br']) {
    expectRefused(await post('/Users', coding, plain), 400, 'invalidSyntax');
    expectRefused(await post('/Users', coding, gzipSync(plain).subarray(0, -3)), 400, 'invalidSyntax');
  }
});

it('refuses other codings with 415, and one over another', async () => {
  const twice = gzipSync(gzipSync('{"userName":"x"}'));
  for (const coding of ['zstd', 'compress', 'gzip, gzip', 'aes128gcm']) {
    expectRefused(await post('/Users', coding, twice), 415);
  }
});

it('decodes nothing of a caller who has not been authenticated', async () => {
  const form = { grant_type: 'client_credentials', client_id: 'x', client_secret: 'y' };
  const token = await fetch(new URL('/oauth/token', suite.ingress.baseUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'gzip' },
    body: gzipSync(new URLSearchParams(form).toString()),
  });
  expect(token.status).toBe(415);
  const bomb = gzipSync(Buffer.alloc(20_000_000, ' '));
  expectRefused(await post('/Users', 'gzip', bomb, { authorization: 'Bearer nobody' }), 401);
});

it('takes a form whatever charset it names, as it is ASCII', async () => {
  const { client_id, client_secret } = suite.ingress.credentials;
  const form = { grant_type: 'client_credentials', client_id, client_secret };
  const { status } = await fetch(new URL('/oauth/token', suite.ingress.baseUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=ISO-8859-1' },
    body: new URLSearchParams(form).toString(),
  });
  expect(status).toBe(200);
});
