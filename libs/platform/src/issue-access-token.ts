import { randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import type { AccessTokenKeys } from './access-token-keys';

/** What an access token of the management API says. */
export interface AccessTokenClaims {
  clientId: string;
  environmentId: string;
  /** The secret that the token was got with, by its bare id: the token ends with it. */
  secretId: string;
}

/** What a genuine token says; one of the version before names no secret. */
export type VerifiedClaims = Omit<AccessTokenClaims, 'secretId'> & { secretId: string | null };

/** `keys` = `accessTokenKeys(config)`, `issuer` = `PUBLIC_URL`. */
export interface AccessTokenSettings {
  keys: AccessTokenKeys;
  issuer: string;
  now?: Date;
}

/** With which of the keys a token is signed: the newest pair, or the secret that the release before knows too. */
export type AccessTokenSigner = 'pair' | 'secret';

/** Seconds an access token is valid: the `expires_in` of the token endpoint. */
export const ACCESS_TOKEN_LIFETIME_SECONDS = 3600;

/**
 * A signed access token (JWT, after RFC 9068) for the client credentials grant. It names the client, its environment and its secret;
 * whether these are still good is read from the database with each request.
 * @param settings.signer default `pair`: ES256, which anybody can verify with the published keys; `secret`: HS256
 * @param settings.lifetimeSeconds default {@link ACCESS_TOKEN_LIFETIME_SECONDS}
 */
export function issueAccessToken(
  claims: AccessTokenClaims,
  settings: AccessTokenSettings & { signer?: AccessTokenSigner; lifetimeSeconds?: number },
): Promise<string> {
  const { keys, issuer, now = new Date(), signer = 'pair', lifetimeSeconds = ACCESS_TOKEN_LIFETIME_SECONDS } = settings;
  const issuedAt = Math.floor(now.getTime() / 1000);
  const [{ privateKey, published }] = keys.pairs;
  const algorithm = signer === 'pair' ? { alg: 'ES256', kid: published.kid } : { alg: 'HS256' };
  return new SignJWT({ client_id: claims.clientId, environment_id: claims.environmentId, secret_id: claims.secretId })
    .setProtectedHeader({ ...algorithm, typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(audienceOf(issuer))
    .setSubject(claims.clientId)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(signer === 'pair' ? privateKey : keys.secrets[0]);
}

/** The claims of a genuine, unexpired access token of this server, signed with any of the keys, else null. */
export async function verifyAccessToken(token: string, settings: AccessTokenSettings): Promise<VerifiedClaims | null> {
  for (const { key, algorithm } of candidates(token, settings.keys)) {
    const verified = await verifyWith(key, algorithm, token, settings);
    if (verified !== 'other key') return verified;
  }
  return null;
}

interface Candidate {
  key: KeyObject | Uint8Array;
  algorithm: 'ES256' | 'HS256';
}

/** The keys that a token may be signed with. Each verifies by its own algorithm alone, whatever the token says. */
function candidates(token: string, { pairs, secrets }: AccessTokenKeys): Candidate[] {
  const algorithm = readAlgorithm(token);
  if (algorithm === 'ES256') return pairs.map(({ publicKey }) => ({ key: publicKey, algorithm }));
  if (algorithm === 'HS256') return secrets.map((key) => ({ key, algorithm }));
  return [];
}

function readAlgorithm(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    return undefined;
  }
}

async function verifyWith(
  key: KeyObject | Uint8Array,
  algorithm: string,
  token: string,
  { issuer, now = new Date() }: AccessTokenSettings,
): Promise<VerifiedClaims | null | 'other key'> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      typ: 'at+jwt',
      issuer,
      audience: audienceOf(issuer),
      currentDate: now,
      requiredClaims: ['exp', 'sub'],
    });
    const { client_id: clientId, environment_id: environmentId, secret_id: secretId } = payload;
    if (typeof clientId !== 'string' || typeof environmentId !== 'string') return null;
    return { clientId, environmentId, secretId: typeof secretId === 'string' ? secretId : null };
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return 'other key';
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

function audienceOf(issuer: string): string {
  return `${issuer}/api/v1`;
}
