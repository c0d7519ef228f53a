import type { DataSource } from '@rollcall/database';
import { admitApiClient } from '@rollcall/management';
import type { AdmittedClient } from '@rollcall/management';
import { parseToken, verifyAccessToken } from '@rollcall/platform';
import type { AccessTokenSettings, SecretHasher } from '@rollcall/platform';
import type { RateLimits } from '../../http/rate-limits';

interface Tools {
  dataSource: DataSource;
  hasher: Pick<SecretHasher, 'matchesAtOnce' | 'isRemembered'>;
  tokens: AccessTokenSettings;
  limits: Pick<RateLimits, 'findUnproven' | 'chargeAddress'>;
  /** Where the credential came from. */
  address: string;
}

/**
 * The client of an access token or an API key; null when it is not genuine, or client or secret have ended. Either costs one
 * look-up, so what ends, or loses a scope, does so at once and in every process. Throws AppError `rate_limited` before it when the
 * address has sent too many keys that are none.
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

async function admitByKey(tools: Tools, credential: string): Promise<AdmittedClient | null> {
  const secretId = parseToken(credential, 'sk')?.secretId;
  if (secretId === undefined) return null;
  const named = { id: `${secretId}/key`, version: 1 };
  const { dataSource, hasher, limits, address } = tools;
  const find = async () => {
    const client = await admitApiClient(dataSource, secretId);
    // A generated key is stored as a keyed HMAC: wrong ones are as cheap as right ones, and cannot be guessed.
    return client?.keyHash && hasher.matchesAtOnce(credential, { ...named, hash: client.keyHash }) ? client : null;
  };
  if (!hasher.isRemembered(credential, named)) return limits.findUnproven(address, find);
  // A key that was right before is not held up by wrong ones of the same address.
  const client = await find();
  if (!client) limits.chargeAddress(address);
  return client;
}
