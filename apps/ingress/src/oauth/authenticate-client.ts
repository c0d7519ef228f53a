import { setTimeout as sleep } from 'node:timers/promises';
import { isKeyedHash, parseToken } from '@rollcall/platform';
import type { Logger, SecretHasher } from '@rollcall/platform';
import type { Actor, DataSource } from '@rollcall/database';

/** An API client whose secret was verified. */
export interface AuthenticatedClient {
  clientId: string;
  /** Bare id. */
  environmentId: string;
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

/** An API client as the audit log names it. */
export function apiClientActor({ clientId }: AuthenticatedClient): Actor {
  return { type: 'api_client', id: clientId, name: null };
}

interface ClientRow {
  environment_id: string;
  id: string;
  secret_hash: string;
  secret_version: number;
  revoked: boolean;
}

/** A refusal takes so long whatever its reason: longer than argon2id, which only some clients' secrets need. */
const REFUSAL_MS = 250;

/** The client of an id as it is in the database now; null when there is none or it was revoked. */
export async function findLiveClient(dataSource: DataSource, clientId: string): Promise<ClientRow | null> {
  if (clientId.includes('\0')) return null;
  const [row] = await dataSource.query<ClientRow[]>(
    'SELECT environment_id, id, secret_hash, secret_version, revoked FROM find_api_client($1)',
    [clientId],
  );
  return row && !row.revoked ? row : null;
}

/**
 * Verifies a client's secret. Null when the client is unknown, revoked or the secret wrong; which of them, the time does not
 * tell. Throws AppError `too_many_attempts` when too many wrong ones came from the address or for the client, `unavailable` while
 * too many verifications wait.
 * @param from the address that the credentials came from
 */
export async function authenticateClient(
  verifier: ClientVerifier,
  { clientId, secrets }: ClientCredentials,
  from: string,
): Promise<AuthenticatedClient | null> {
  const refusalTime = sleep(REFUSAL_MS);
  const client = await findLiveClient(verifier.dataSource, clientId);
  const secret = await findMatch(verifier.hasher, { client, secrets, from });
  if (!client || secret === null) {
    await refusalTime;
    return null;
  }
  rehash(verifier, clientId, client, secret);
  return { clientId, environmentId: client.environment_id };
}

/** The reading that matches. Of several, all that cost nothing are tried, and at most one with argon2id. */
async function findMatch(
  hasher: SecretHasher,
  { client, secrets, from }: { client: ClientRow | null; secrets: [string, ...string[]]; from: string },
): Promise<string | null> {
  const stored = client && { id: client.id, hash: client.secret_hash, version: client.secret_version };
  const known = stored && secrets.find((secret) => hasher.matchesAtOnce(secret, stored));
  if (known != null) return known;
  return (await hasher.verify(secrets[0], stored, from)) ? secrets[0] : null;
}

/** Generated secrets were stored as argon2id once, at a cost that one with so much randomness is not worth. Nobody waits for this. */
function rehash(
  { dataSource, hasher, logger }: ClientVerifier,
  clientId: string,
  { secret_hash }: ClientRow,
  secret: string,
): void {
  if (isKeyedHash(secret_hash) || !parseToken(secret, 'rcs')) return;
  dataSource
    .query('SELECT rehash_api_client($1, $2, $3)', [clientId, secret_hash, hasher.hashGenerated(secret)])
    .catch((error: unknown) => {
      logger.warn({ err: error }, 'could not store the hash of a secret anew');
    });
}
