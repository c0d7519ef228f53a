import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { verifySignature } from './verify-signature';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const now = new Date('2026-11-21T10:00:00Z');
const body = '{"name":"Łukasz"}';

function signed(key = secret): { headers: Record<string, string>; body: string } {
  const signature = new Webhook(key).sign('evt_1', now, body);
  const timestamp = String(now.getTime() / 1000);
  return { headers: { 'webhook-id': 'evt_1', 'webhook-timestamp': timestamp, 'webhook-signature': signature }, body };
}

it('takes what the standardwebhooks library signs', () => {
  expect(verifySignature(signed(), secret, now)).toBeNull();
});

it('takes one good signature among several, as while a secret is rotated', () => {
  const request = signed();
  const other = signed(`whsec_${Buffer.alloc(32, 8).toString('base64')}`);
  request.headers['webhook-signature'] =
    `${other.headers['webhook-signature']} ${request.headers['webhook-signature']}`;
  expect(verifySignature(request, secret, now)).toBeNull();
});

it('refuses another body, id, secret or version, a missing header and an old timestamp', () => {
  const change = (headers: Record<string, string | undefined>): ReturnType<typeof verifySignature> =>
    verifySignature({ headers: { ...signed().headers, ...headers }, body }, secret, now);
  expect(verifySignature({ ...signed(), body: `${body} ` }, secret, now)).toBe('the signature does not match');
  expect(change({ 'webhook-id': 'evt_2' })).toBe('the signature does not match');
  expect(change({ 'webhook-signature': signed().headers['webhook-signature']?.replace('v1,', 'v1a,') })).toBe(
    'the signature does not match',
  );
  expect(verifySignature(signed(`whsec_${Buffer.alloc(32, 8).toString('base64')}`), secret, now)).toBe(
    'the signature does not match',
  );
  expect(change({ 'webhook-signature': undefined })).toBe('a signature header is missing');
  expect(verifySignature(signed(), secret, new Date(now.getTime() + 6 * 60_000))).toBe('the timestamp is not recent');
  expect(change({ 'webhook-timestamp': 'soon' })).toBe('the timestamp is not recent');
});
