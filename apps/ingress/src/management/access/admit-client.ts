import type { DataSource } from '@rollcall/database';
import { admitApiClient } from '@rollcall/management';
import type { AdmittedClient } from '@rollcall/management';
import { parseToken, verifyAccessToken } from '@rollcall/platform';
import type { AccessTokenSettings, SecretHasher } from '@rollcall/platform';

interface Tools {
  dataSource: DataSource;
  hasher: Pick<SecretHasher, 'matchesAtOnce'>;
  tokens: AccessTokenSettings;
}

/**
 * The client of an access token or an API key; null when it is not genuine, or client or secret have ended. Either costs one
 * look-up, so what ends, or loses a scope, does so at once and in every process.
 */
export function admitClient(tools: Tools, credential: string): Promise<AdmittedClient | null> {
  return credential.startsWith('sk_') ? admitByKey(tools, credential) : admitByToken(tools, credential);
}

async function admitByToken({ dataSource, tokens }: Tools, credential: string): Promise<AdmittedClient | null> {
  const claims = await verifyAccessToken(credential, tokens);
  if (!claims) return null;
  const client = await admitApiClient(dataSource, claims.secretId, claims.clientId);
  return client?.clientId === claims.clientId && client.environmentId === claims.environmentId ? client : null;
}

async function admitByKey({ dataSource, hasher }: Tools, credential: string): Promise<AdmittedClient | null> {
  const secretId = parseToken(credential, 'sk')?.secretId;
  const client = secretId === undefined ? null : await admitApiClient(dataSource, secretId);
  if (!client?.keyHash) return null;
  // A generated key is stored as a keyed HMAC: wrong ones are as cheap as right ones, and cannot be guessed.
  return hasher.matchesAtOnce(credential, { id: `${secretId}/key`, hash: client.keyHash, version: 1 }) ? client : null;
}
