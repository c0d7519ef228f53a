import { setTimeout as sleep } from 'node:timers/promises';
import { isKeyedHash, parseToken } from '@rollcall/platform';
import type { Logger, SecretHasher } from '@rollcall/platform';
import type { DataSource } from '@rollcall/database';
import { findClientSecret, rehashClientSecret } from '@rollcall/management';
import type { StoredClientSecret } from '@rollcall/management';

/** An API client whose secret was verified. */
export interface AuthenticatedClient {
  clientId: string;
  /** These three are bare ids. */
  environmentId: string;
  id: string;
  secretId: string;
}

export interface ClientCredentials {
  clientId: string;
  /** What the secret may be, the likelier reading first. */
  secrets: [string, ...string[]];
}

export interface ClientVerifier {
  dataSource: DataSource;
  hasher: SecretHasher;
  logger: Logger;
}

/** A refusal takes so long whatever its reason: longer than argon2id, which only some clients' secrets need. */
const REFUSAL_MS = 250;

/**
 * Verifies a client's secret. Null when the client is unknown, revoked or the secret wrong; which of them, the time does not
 * tell. Throws AppError `too_many_attempts` when too many wrong ones came from the address or for the client, `unavailable` while
 * too many verifications wait.
 * @param from the address that the credentials came from
 */
export async function authenticateClient(
  verifier: ClientVerifier,
  credentials: ClientCredentials,
  from: string,
): Promise<AuthenticatedClient | null> {
  const refusalTime = sleep(REFUSAL_MS);
  const { clientId, secrets } = credentials;
  const stored = await findStored(verifier.dataSource, credentials);
  const secret = await findMatch(verifier.hasher, { stored, secrets, from });
  if (!stored || secret === null) {
    await refusalTime;
    return null;
  }
  rehash(verifier, stored, secret);
  return { clientId, environmentId: stored.environmentId, id: stored.apiClientId, secretId: stored.secretId };
}

/** The one stored secret that these credentials can match. */
async function findStored(
  dataSource: DataSource,
  { clientId, secrets }: ClientCredentials,
): Promise<StoredClientSecret | null> {
  if (clientId.includes('\0')) return null;
  const [claimed] = secrets.flatMap((secret) => parseToken(secret, 'rcs')?.secretId ?? []);
  return findClientSecret(dataSource, clientId, claimed ?? null);
}

/** The reading that matches. All that cost nothing are tried before any with argon2id. */
async function findMatch(
  hasher: SecretHasher,
  { stored, secrets, from }: { stored: StoredClientSecret | null; secrets: [string, ...string[]]; from: string },
): Promise<string | null> {
  const hashed = stored && { id: stored.secretId, hash: stored.hash, version: 1 };
  const known = hashed && secrets.find((secret) => hasher.matchesAtOnce(secret, hashed));
  if (known != null) return known;
  for (const secret of secrets) if (await hasher.verify(secret, hashed, from)) return secret;
  return null;
}

/** Generated secrets were stored as argon2id once, at a cost that one with so much randomness is not worth. Nobody waits for this. */
function rehash({ dataSource, hasher, logger }: ClientVerifier, stored: StoredClientSecret, secret: string): void {
  if (isKeyedHash(stored.hash) || !parseToken(secret, 'rcs')) return;
  rehashClientSecret(dataSource, stored, hasher.hashGenerated(secret)).catch((error: unknown) => {
    logger.warn({ err: error }, 'could not store the hash of a secret anew');
  });
}
