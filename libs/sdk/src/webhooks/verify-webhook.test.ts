import { createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { isDirectoryStreamEvent, isOperationalEvent, isTestEvent, isUserEvent } from '../events/rollcall-event';
import { verifyWebhook } from './verify-webhook';
import type { WebhookToVerify } from './verify-webhook';
import { WebhookVerificationError } from './webhook-verification-error';

const NOW = new Date('2026-11-21T10:20:17.500Z');
const SECRET = newSecret();
const EVENT = { id: 'evt_01', type: 'organization.directory.user_created', sequence: 1, data: { name: 'Zoë 🦊' } };
const BODY = JSON.stringify(EVENT);

describe('verifyWebhook', () => {
  it('accepts what the standardwebhooks library signed and answers the event', async () => {
    await expect(verify({ headers: sign() })).resolves.toEqual(EVENT);
  });

  it('answers test and operational events, which no guard of the directory stream takes for one', async () => {
    const base = { id: 'evt_02', sequence: null, data: { id: 'diruser_01' } };
    const test = { ...base, type: 'organization.directory.user_created', test: true };
    const operational = { ...base, type: 'endpoint.disabled' };
    const guardsOf = async (event: { id: string; test?: boolean }) => {
      const body = JSON.stringify(event);
      const verified = await verify({ headers: signText(event.id, seconds(NOW), body), body });
      expect(verified).toEqual(event);
      return [isTestEvent, isOperationalEvent, isDirectoryStreamEvent, isUserEvent].map((guard) => guard(verified));
    };
    expect(await guardsOf(test)).toEqual([true, false, false, false]);
    expect(await guardsOf(operational)).toEqual([false, true, false, false]);
    expect(await guardsOf({ ...operational, test: true })).toEqual([true, false, false, false]);
  });

  it('accepts a body as text, as bytes and as a buffer of a larger allocation', async () => {
    const bytes = new TextEncoder().encode(BODY);
    const padded = Buffer.concat([Buffer.from('before'), bytes]).subarray(6);
    for (const body of [BODY, bytes, bytes.buffer, Buffer.from(BODY), padded]) {
      await expect(verify({ headers: sign(), body })).resolves.toEqual(EVENT);
    }
  });

  it('reads headers from Fetch Headers and from plain objects with names in any case and with values in lists', async () => {
    const headers = sign();
    const shouted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    const listed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    for (const form of [
      headers,
      new Headers(headers),
      new Request('http://x/', { headers }).headers,
      shouted,
      listed,
    ]) {
      await expect(verify({ headers: form })).resolves.toEqual(EVENT);
    }
  });

  it('reads the headers that a Node.js server hands over', async () => {
    const server = createServer((request, response) => {
      void buffer(request)
        .then((body) => verify({ headers: request.headers, body }))
        .then((event) => response.end(event.id));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: sign(), body: BODY });
      expect(await answer.text()).toBe('evt_01');
    } finally {
      server.close();
    }
  });

  it('accepts any of several signatures, also of versions it does not know', async () => {
    const { 'webhook-signature': right, ...rest } = sign();
    const other = sign({ secret: newSecret() })['webhook-signature'];
    const headers = { ...rest, 'webhook-signature': `v1a,${'A'.repeat(86)}== ${other} ${right}` };
    await expect(verify({ headers })).resolves.toEqual(EVENT);
  });

  it('accepts any of several secrets', async () => {
    await expect(verify({ headers: sign(), secret: [newSecret(), SECRET] })).resolves.toEqual(EVENT);
    await expect(refusal({ headers: sign(), secret: [newSecret(), newSecret()] })).resolves.toBe('signature_mismatch');
  });

  it('refuses the signature of another secret, and none at all', async () => {
    await expect(refusal({ headers: sign({ secret: newSecret() }) })).resolves.toBe('signature_mismatch');
    const right = sign()['webhook-signature'];
    for (const signature of [
      'v1,',
      'v1',
      ',',
      'v2,abc',
      right.slice(3),
      right.slice(0, -1),
      `${right}=`,
      `v${right}`,
    ]) {
      const headers = { ...sign(), 'webhook-signature': signature };
      await expect(refusal({ headers })).resolves.toBe('signature_mismatch');
    }
  });

  it('refuses every change of a body, an id, a time or a signature', async () => {
    const changes = fc.record({
      part: fc.constantFrom('body', 'webhook-id', 'webhook-timestamp', 'webhook-signature'),
      at: fc.nat(),
      flip: fc.integer({ min: 1, max: 127 }),
    });
    const headers = sign();
    const parts: Record<string, string> = { ...headers, body: BODY };
    await fc.assert(
      fc.asyncProperty(changes, async ({ part, at, flip }) => {
        const bytes = Buffer.from(parts[part]!);
        bytes[at % bytes.length]! ^= flip;
        const { body, ...changed } = { ...parts, [part]: part === 'body' ? bytes : bytes.toString('latin1') };
        await expect(verify({ headers: changed as Record<string, string>, body: body! })).rejects.toThrow(
          WebhookVerificationError,
        );
      }),
    );
  });

  it('refuses a body that was cut or has something added', async () => {
    for (const body of ['', BODY.slice(0, -1), `${BODY}\n`, ` ${BODY}`]) {
      await expect(refusal({ headers: sign(), body })).resolves.toBe('signature_mismatch');
    }
  });

  it('accepts five minutes of difference between the clocks, either way and no more', async () => {
    for (const [seconds, expected] of [
      [-301, 'timestamp_too_old'],
      [301.6, 'timestamp_too_new'],
    ] as const) {
      await expect(refusal({ headers: sign({ at: shift(seconds) }) })).resolves.toBe(expected);
    }
    for (const seconds of [-299, 299]) {
      await expect(verify({ headers: sign({ at: shift(seconds) }) })).resolves.toEqual(EVENT);
    }
  });

  it('takes another tolerance, and lets nothing pass with one that is no number', async () => {
    const headers = sign({ at: shift(-20) });
    await expect(verify({ headers, toleranceSeconds: 30 })).resolves.toEqual(EVENT);
    await expect(refusal({ headers, toleranceSeconds: 10 })).resolves.toBe('timestamp_too_old');
    await expect(refusal({ headers, toleranceSeconds: NaN })).resolves.toBe('timestamp_too_old');
    await expect(refusal({ headers, now: new Date(NaN) })).resolves.toBe('timestamp_too_old');
  });

  it('refuses a signed timestamp that is no number of seconds', async () => {
    for (const timestamp of ['1e9', '-1', '1700000000.5', ' 1', '0x10', '9'.repeat(13)]) {
      await expect(refusal({ headers: signText('evt_01', timestamp, BODY) })).resolves.toBe('timestamp_invalid');
    }
  });

  it('refuses a request without one of the headers, or with one twice', async () => {
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
      await expect(refusal({ headers: { ...sign(), [name]: undefined } })).resolves.toBe('header_missing');
      await expect(refusal({ headers: { ...sign(), [name]: ['a', 'b'] } })).resolves.toBe('header_missing');
      await expect(refusal({ headers: { ...sign(), [name]: '' } })).resolves.toBe('header_missing');
    }
    await expect(refusal({ headers: new Headers() })).resolves.toBe('header_missing');
  });

  it('says which mistake on this side keeps every webhook out', async () => {
    const missing = undefined as unknown as string;
    const short = `whsec_${randomBytes(8).toString('base64')}`;
    for (const secret of [missing, '', [], 'whsec_', SECRET.slice(6), SECRET.slice(0, -3), short, [SECRET, '']]) {
      await expect(refusal({ headers: sign(), secret })).resolves.toBe('secret_invalid');
    }
    for (const body of [EVENT, null, undefined, 7]) {
      await expect(refusal({ headers: sign(), body: body as unknown as string })).resolves.toBe('body_not_raw');
    }
  });

  it('refuses what is signed but no event', async () => {
    for (const body of ['{', '[]', 'null', '"evt_01"', '{"id":"evt_01","type":"x"}', '{"id":1,"type":"x","data":{}}']) {
      const headers = signText('evt_01', seconds(NOW), body);
      await expect(refusal({ headers, body })).resolves.toBe('event_invalid');
    }
    const latin1 = Buffer.from('{"id":"évt","type":"x","data":{}}', 'latin1');
    const headers = signText('evt_01', seconds(NOW), latin1);
    await expect(refusal({ headers, body: latin1 })).resolves.toBe('event_invalid');
  });

  it('repeats neither secret nor body in an error', async () => {
    const cut = SECRET.slice(0, -3);
    const message = (input: Parameters<typeof verify>[0]) =>
      verify(input).then(
        () => 'accepted',
        (error: WebhookVerificationError) => error.message,
      );
    expect(await message({ headers: sign(), secret: cut })).not.toContain(cut.slice(6, 12));
    for (const body of ['ada@example.com', '"ada']) {
      expect(await message({ headers: signText('evt_01', seconds(NOW), body), body })).toMatch(
        /^(?!.*ada)The signed body/,
      );
    }
  });
});

function verify(input: Partial<WebhookToVerify> & Pick<WebhookToVerify, 'headers'>) {
  return verifyWebhook({ body: BODY, now: NOW, ...input, secret: 'secret' in input ? input.secret! : SECRET });
}

/** The code with which a webhook is refused. */
async function refusal(input: Parameters<typeof verify>[0]): Promise<string> {
  const error: unknown = await verify(input).then(
    () => new Error('accepted'),
    (reason: unknown) => reason,
  );
  if (error instanceof WebhookVerificationError) return error.code;
  throw error;
}

/** Headers from the standardwebhooks library. */
function sign({ secret = SECRET, at = NOW }: { secret?: string; at?: Date } = {}) {
  return {
    'content-type': 'application/json',
    'webhook-id': 'evt_01',
    'webhook-timestamp': seconds(at),
    'webhook-signature': new Webhook(secret).sign('evt_01', at, BODY),
  };
}

/** Headers for what that library does not sign. */
function signText(id: string, timestamp: string, body: string | Uint8Array) {
  const hmac = createHmac('sha256', Buffer.from(SECRET.slice(6), 'base64'))
    .update(`${id}.${timestamp}.`)
    .update(body);
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${hmac.digest('base64')}`,
  };
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

function seconds(time: Date): string {
  return String(Math.floor(time.getTime() / 1000));
}

function shift(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1000);
}
