import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { generateWebhookSecret, readWebhookSecret } from './generate-webhook-secret';
import { signWebhook } from './sign-webhook';

const id = 'evt_01kamw9xj2c8zq4h5v6e7r8t9y';
const secret = generateWebhookSecret(randomBytes(32));
const other = generateWebhookSecret(randomBytes(32));

/** A plain object as the library's callers have it from their HTTP server. */
const headersOf = (body: string, secrets: string[], timestamp = new Date()) => ({
  ...signWebhook({ id, timestamp, body, secrets }),
});

describe('signWebhook', () => {
  it('is verified by the unmodified standardwebhooks library, for any body', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const body = JSON.stringify(value);
        expect(new Webhook(secret).verify(body, headersOf(body, [secret]))).toEqual(JSON.parse(body));
      }),
    );
  });

  it('is verified with the old and with the new secret while they overlap', () => {
    const headers = headersOf('{}', [secret, other]);
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
    expect(new Webhook(secret).verify('{}', headers)).toEqual({});
    expect(new Webhook(other).verify('{}', headers)).toEqual({});
  });

  it('is refused with another secret, body, id or time', () => {
    const headers = headersOf('{"a":1}', [secret]);
    const receiver = new Webhook(secret);
    expect(() => new Webhook(other).verify('{"a":1}', headers)).toThrow('No matching signature');
    expect(() => receiver.verify('{"a":2}', headers)).toThrow('No matching signature');
    expect(() => receiver.verify('{"a":1}', { ...headers, 'webhook-id': 'evt_x' })).toThrow('No matching signature');
    expect(() => receiver.verify('{"a":1}', headersOf('{"a":1}', [secret], new Date(0)))).toThrow('too old');
  });

  it('gives the signature of the example in the Standard Webhooks specification', () => {
    const headers = signWebhook({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: new Date(1_614_265_330_000),
      body: '{"test": 2432232314}',
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    });
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('refuses to send unsigned', () => {
    expect(() => headersOf('{}', [])).toThrow(TypeError);
  });

  it.each(['a.b', '', 'a b', 'a\nb'])('refuses the id %j, which could shift the signed parts', (bad) => {
    expect(() => signWebhook({ id: bad, timestamp: new Date(), body: '', secrets: [secret] })).toThrow(TypeError);
  });
});

describe('generateWebhookSecret', () => {
  it('makes whsec_ and standard base64 of 32 bytes', () => {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(readWebhookSecret(secret)).toHaveLength(32);
  });

  it('refuses too little randomness', () => {
    expect(() => generateWebhookSecret(randomBytes(24))).toThrow(TypeError);
  });
});

describe('readWebhookSecret', () => {
  it.each(['', 'whsec_', 'hunter2', `whsec_${'A'.repeat(20)}`, secret.slice(6), `${secret}!`])(
    'refuses %j without repeating it',
    (text) => {
      expect(() => readWebhookSecret(text)).toThrow(/^a webhook secret is "whsec_" and the base64 of 24 to 64 bytes$/);
    },
  );
});
