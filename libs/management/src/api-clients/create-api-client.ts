import type { EntityManager } from 'typeorm';
import type { ApiScope } from '@rollcall/contract';
import { refuseBeyondLimit } from '@rollcall/directory';
import { ApiClient, insertApiClient, runStatement } from '@rollcall/database';
import { newId, publicId } from '@rollcall/platform';
import type { SecretHasher } from '@rollcall/platform';
import { findChanges } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { lockEnvironment } from '../environments/lock-environment';
import { lockOrganization } from '../organizations/find-organization';
import { aboutApiClient, apiClientFields } from './find-api-client';
import { makeClientSecret } from './make-client-secret';
import type { ClearClientSecret } from './make-client-secret';

export interface NewClient {
  name: string;
  scopes: readonly ApiScope[];
  /** Bare; null: all of the environment. */
  organizationId: string | null;
}

/** A client with its newest secret, which is known to nobody else. */
export interface ClientWithSecret {
  client: ApiClient;
  secret: ClearClientSecret;
}

/** Makes an API client with its first secret. Throws AppError `organization_not_found`, `too_many_api_clients`. */
export async function createApiClient(
  writer: Writer,
  hasher: Pick<SecretHasher, 'hashGenerated'>,
  environmentId: string,
  { name, scopes, organizationId }: NewClient,
): Promise<ClientWithSecret> {
  const id = newId();
  const { clear, stored } = makeClientSecret(hasher, id);
  const client = await recordChange(writer, { environmentId }, async (manager) => {
    if (organizationId) await lockOrganization(manager, { environmentId, organizationId }, 'pessimistic_read');
    await refuseOneMore(manager, environmentId);
    const clientId = publicId('clt', id);
    await insertApiClient(
      manager,
      { environmentId, id, clientId, name, scopes: distinct(scopes), organizationId },
      stored,
    );
    const created = await manager.findOneByOrFail(ApiClient, { environmentId, id });
    const changes = findChanges({}, apiClientFields(created));
    return { answer: created, entries: [{ action: 'api_client.created', ...aboutApiClient(created), changes }] };
  });
  return { client, secret: clear };
}

/** Each scope once, in one order. */
export function distinct(scopes: readonly ApiScope[]): ApiScope[] {
  return [...new Set(scopes)].toSorted();
}

async function refuseOneMore(manager: EntityManager, environmentId: string): Promise<void> {
  await lockEnvironment(manager, environmentId);
  const { rows } = await runStatement<{ live: string }>(
    manager,
    'SELECT count(*) AS live FROM api_clients WHERE environment_id = $1 AND revoked_time IS NULL',
    [environmentId],
  );
  refuseBeyondLimit('apiClients', Number(rows[0]?.live));
}
