import type { SecretHasher } from '@rollcall/platform';
import type { Actor, DataSource } from '@rollcall/database';

/** An API client whose secret was verified. */
export interface AuthenticatedClient {
  clientId: string;
  /** Bare id. */
  environmentId: string;
}

export interface ClientCredentials {
  clientId: string;
  clientSecret: string;
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

/** The client of an id as it is in the database now; null when there is none or it was revoked. */
export async function findLiveClient(dataSource: DataSource, clientId: string): Promise<ClientRow | null> {
  const [row] = await dataSource.query<ClientRow[]>(
    'SELECT environment_id, id, secret_hash, secret_version, revoked FROM find_api_client($1)',
    [clientId],
  );
  return row && !row.revoked ? row : null;
}

/**
 * Verifies a client's secret (argon2id). Null when the client is unknown, revoked or the secret wrong; all three take the time of
 * one verification. Throws AppError `unavailable` while too many verifications wait.
 */
export async function authenticateClient(
  { dataSource, hasher }: { dataSource: DataSource; hasher: SecretHasher },
  { clientId, clientSecret }: ClientCredentials,
): Promise<AuthenticatedClient | null> {
  const client = clientId.includes('\0') ? null : await findLiveClient(dataSource, clientId);
  if (!client) {
    await hasher.hash(clientSecret);
    return null;
  }
  const stored = { id: client.id, hash: client.secret_hash, version: client.secret_version };
  return (await hasher.verify(clientSecret, stored)) ? { clientId, environmentId: client.environment_id } : null;
}
