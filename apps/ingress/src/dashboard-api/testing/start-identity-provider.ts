import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An identity provider (OpenID Connect Core 1.0) that knows whoever a test says. */
export interface TestIdentityProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What it says of the person who signs in next. */
  claims: Record<string, unknown>;
  /** Signs the person in as a browser would be: takes where Rollcall sent it, and answers where it is sent back to. */
  visit: (location: string) => string;
  stop: () => Promise<void>;
}

interface Grant {
  challenge: string;
  nonce: string;
  redirectUri: string;
}

export async function startIdentityProvider(): Promise<TestIdentityProvider> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const grants = new Map<string, Grant>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = route(request.url ?? '', new URLSearchParams(Buffer.concat(chunks).toString()));
      response.writeHead(answer ? 200 : 400, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { error: 'invalid_grant' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function route(url: string, form: URLSearchParams): object | null {
    if (url === '/.well-known/openid-configuration') {
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
    if (url === '/keys') return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256', use: 'sig' }] };
    return url === '/token' ? exchange(form) : null;
  }

  /** RFC 6749 §4.1.3, with PKCE (RFC 7636): a code is good once. */
  function exchange(form: URLSearchParams): object | null {
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    const isRight =
      grant?.challenge === challenge &&
      form.get('client_secret') === provider.clientSecret &&
      form.get('redirect_uri') === grant.redirectUri;
    if (!isRight) return null;
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: issuer, aud: provider.clientId, iat: now, exp: now + 300, nonce: grant.nonce, ...provider.claims };
    return { access_token: 'none', token_type: 'Bearer', id_token: signToken(claims) };
  }

  function signToken(claims: object): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'ES256', kid: 'k' })}.${part(claims)}`;
    const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${text}.${signature.toString('base64url')}`;
  }

  const provider: TestIdentityProvider = {
    issuer,
    clientId: 'rollcall',
    clientSecret: 'between the two of us',
    claims: {},
    visit(location) {
      const asked = new URL(location).searchParams;
      const code = randomBytes(16).toString('hex');
      const redirectUri = asked.get('redirect_uri') ?? '';
      grants.set(code, { challenge: asked.get('code_challenge') ?? '', nonce: asked.get('nonce') ?? '', redirectUri });
      return `${redirectUri}?${new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString()}`;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return provider;
}
