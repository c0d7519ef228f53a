/** What a webhook's signature covers. */
export interface SignedParts {
  id: string;
  /** Seconds since 1970. */
  timestamp: string;
  body: Uint8Array;
}

/** The signature as the header carries it (Standard Webhooks 1.0): `v1,<base64 of HMAC-SHA256 of id.timestamp.body>`. */
export async function signWebhook(key: Uint8Array<ArrayBuffer>, { id, timestamp, body }: SignedParts): Promise<string> {
  const signed = concat(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  const { subtle } = globalThis.crypto;
  const hmac = await subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const digest = new Uint8Array(await subtle.sign('HMAC', hmac, signed));
  return `v1,${btoa(String.fromCharCode(...digest))}`;
}

function concat(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
