import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Grant {
  challenge: string;
  nonce: string;
  redirectUri: string;
}

/** An identity provider (OpenID Connect Core 1.0) that knows whoever a test says. */
export class TestIdentityProvider {
  readonly clientId = 'rollcall';
  readonly clientSecret = 'between the two of us';
  /** What it says of the person who signs in next. */
  claims: Record<string, unknown> = {};
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private readonly grants = new Map<string, Grant>();

  constructor(
    readonly issuer: string,
    readonly stop: () => Promise<void>,
  ) {}

  /** Signs the person in as a browser would be: takes where Rollcall sent it, and answers where it is sent back to. */
  visit(location: string): string {
    const asked = new URL(location).searchParams;
    const code = randomBytes(16).toString('hex');
    const redirectUri = asked.get('redirect_uri') ?? '';
    const [challenge, nonce] = [asked.get('code_challenge') ?? '', asked.get('nonce') ?? ''];
    this.grants.set(code, { challenge, nonce, redirectUri });
    return `${redirectUri}?${new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString()}`;
  }

  /** Null: refused. */
  answer(url: string, form: URLSearchParams): object | null {
    if (url === '/.well-known/openid-configuration') return this.describe();
    if (url === '/keys') {
      return { keys: [{ ...this.keys.publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256', use: 'sig' }] };
    }
    return url === '/token' ? this.exchange(form) : null;
  }

  private describe(): object {
    const { issuer } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    };
  }

  /** RFC 6749 §4.1.3, with PKCE (RFC 7636): a code is good once. */
  private exchange(form: URLSearchParams): object | null {
    const code = form.get('code') ?? '';
    const grant = this.grants.get(code);
    this.grants.delete(code);
    const verifier = form.get('code_verifier') ?? '';
    const isRight =
      grant?.challenge === createHash('sha256').update(verifier).digest('base64url') &&
      form.get('client_secret') === this.clientSecret &&
      form.get('redirect_uri') === grant.redirectUri;
    if (!isRight) return null;
    const now = Math.floor(Date.now() / 1_000);
    const fixed = { iss: this.issuer, aud: this.clientId, iat: now, exp: now + 300, nonce: grant.nonce };
    return { access_token: 'none', token_type: 'Bearer', id_token: this.signToken({ ...fixed, ...this.claims }) };
  }

  private signToken(claims: object): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'ES256', kid: 'k' })}.${part(claims)}`;
    const signature = sign('sha256', Buffer.from(text), { key: this.keys.privateKey, dsaEncoding: 'ieee-p1363' });
    return `${text}.${signature.toString('base64url')}`;
  }
}

/** Starts one on a free port of this machine. A browser that comes to it goes back signed in. */
export async function startIdentityProvider(): Promise<TestIdentityProvider> {
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/authorize?')) {
      response.writeHead(302, { location: provider.visit(`${issuer}${request.url}`) }).end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = provider.answer(request.url ?? '', new URLSearchParams(Buffer.concat(chunks).toString()));
      response.writeHead(answer ? 200 : 400, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { error: 'invalid_grant' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new TestIdentityProvider(issuer, () => new Promise((resolve) => server.close(() => resolve())));
  return provider;
}
