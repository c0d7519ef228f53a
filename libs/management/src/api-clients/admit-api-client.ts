import type { DataSource } from 'typeorm';
import type { ApiScope } from '@rollcall/contract';
import { callFunction, poolOf } from '@rollcall/database';

/** An API client that may act now; ids bare but for `clientId`. */
export interface AdmittedClient {
  environmentId: string;
  id: string;
  clientId: string;
  name: string;
  scopes: readonly ApiScope[];
  /** The one organization that it is for; null: all of the environment. */
  organizationId: string | null;
  /** The hash of the API key beside the secret; null: it has none. */
  keyHash: string | null;
  /** Its last use was noted a minute ago or longer. */
  touch: boolean;
}

interface ClientRow {
  environment_id: string;
  id: string;
  client_id: string;
  name: string;
  scopes: ApiScope[];
  organization_id: string | null;
  key_hash: string | null;
  touch: boolean;
}

/**
 * The client that a secret is of, as both are now, before its environment is known; null when either has ended or never was.
 * @param secretId bare; null: the first secret of the client, for access tokens that name none
 * @param clientId asked for only without a secret
 */
export async function admitApiClient(
  dataSource: DataSource,
  secretId: string | null,
  clientId: string | null = null,
): Promise<AdmittedClient | null> {
  const [row] = await callFunction<ClientRow>(poolOf(dataSource), 'admit_api_client', [clientId, secretId]);
  if (!row) return null;
  const { environment_id: environmentId, id, client_id, name, scopes, organization_id, key_hash: keyHash, touch } = row;
  return { environmentId, id, clientId: client_id, name, scopes, organizationId: organization_id, keyHash, touch };
}

/** A stored secret of an API client; all ids are bare. */
export interface StoredClientSecret {
  environmentId: string;
  apiClientId: string;
  secretId: string;
  hash: string;
}

interface SecretRow {
  environment_id: string;
  api_client_id: string;
  secret_id: string;
  secret_hash: string;
}

/**
 * The one live secret of a live client that what was sent can match, before the environment is known; null when there is none.
 * @param claimedId the bare id that stands in what was sent, or null
 */
export async function findClientSecret(
  dataSource: DataSource,
  clientId: string,
  claimedId: string | null,
): Promise<StoredClientSecret | null> {
  const [row] = await callFunction<SecretRow>(poolOf(dataSource), 'find_api_client_secret', [clientId, claimedId]);
  if (!row) return null;
  const { environment_id: environmentId, api_client_id: apiClientId, secret_id: secretId, secret_hash: hash } = row;
  return { environmentId, apiClientId, secretId, hash };
}

/** Stores another hash of the same secret, unless it has got another one meanwhile. */
export async function rehashClientSecret(
  dataSource: DataSource,
  { environmentId, secretId, hash }: StoredClientSecret,
  fresh: string,
): Promise<void> {
  await callFunction(poolOf(dataSource), 'rehash_client_secret', [environmentId, secretId, hash, fresh]);
}

/** Notes that a client was used, at most once a minute. Ids bare. */
export async function touchApiClient(
  dataSource: DataSource,
  { environmentId, id }: Pick<AdmittedClient, 'environmentId' | 'id'>,
): Promise<void> {
  await callFunction(poolOf(dataSource), 'touch_api_client', [environmentId, id]);
}
