import type { EntityManager } from 'typeorm';
import { ApiClient, ApiClientSecret } from './entities';

export type NewApiClient = Pick<ApiClient, 'environmentId' | 'id' | 'clientId' | 'name' | 'scopes' | 'organizationId'>;

/** A secret and the API key beside it, hashed. `keyHash` null: it has no key. */
export type NewApiClientSecret = Pick<ApiClientSecret, 'id' | 'secretHash' | 'keyHash'>;

/** Stores an API client with its first secret. Throws the error of PostgreSQL when its client_id is taken. */
export async function insertApiClient(
  manager: EntityManager,
  client: NewApiClient,
  secret: NewApiClientSecret,
): Promise<void> {
  await manager.insert(ApiClient, client);
  await insertApiClientSecret(manager, client, secret);
}

/** Stores one more secret of an API client. */
export async function insertApiClientSecret(
  manager: EntityManager,
  { environmentId, id }: Pick<ApiClient, 'environmentId' | 'id'>,
  secret: NewApiClientSecret,
): Promise<void> {
  await manager.insert(ApiClientSecret, { environmentId, apiClientId: id, ...secret });
}
