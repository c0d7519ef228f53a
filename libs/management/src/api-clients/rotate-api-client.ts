import type { EntityManager } from 'typeorm';
import { refuseBeyondLimit } from '@rollcall/directory';
import { insertApiClientSecret, runStatement } from '@rollcall/database';
import type { ApiClient } from '@rollcall/database';
import type { SecretHasher } from '@rollcall/platform';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import type { ClientWithSecret } from './create-api-client';
import { aboutApiClient, lockApiClient } from './find-api-client';
import type { ApiClientScope } from './find-api-client';
import { makeClientSecret } from './make-client-secret';

/**
 * Gives an API client a new secret and API key. The others, and the access tokens that were got with them, end after
 * `overlapSeconds`, none later than it would have; 0: with this commit. Throws AppError `api_client_not_found`, and
 * `too_many_live_secrets` when three others would still be live beside it.
 */
export async function rotateApiClient(
  writer: Writer,
  hasher: Pick<SecretHasher, 'hashGenerated'>,
  scope: ApiClientScope,
  overlapSeconds: number,
): Promise<ClientWithSecret> {
  const { clear, stored } = makeClientSecret(hasher);
  const client = await recordChange(writer, { environmentId: scope.environmentId }, async (manager) => {
    const locked = await lockApiClient(manager, scope);
    refuseBeyondLimit('clientSecrets', await endOthers(manager, locked, overlapSeconds));
    await insertApiClientSecret(manager, locked, stored);
    const changes = { overlap_seconds: { from: null, to: overlapSeconds } };
    return { answer: locked, entries: [{ action: 'api_client.rotated', ...aboutApiClient(locked), changes }] };
  });
  return { client, secret: clear };
}

/** Returns how many are still live. What has ended is removed: nothing of it is needed. */
async function endOthers(
  manager: EntityManager,
  { environmentId, id }: ApiClient,
  overlapSeconds: number,
): Promise<number> {
  await runStatement(
    manager,
    `UPDATE api_client_secrets SET expire_time = least(expire_time, now() + make_interval(secs => $3::double precision))
     WHERE environment_id = $1 AND api_client_id = $2`,
    [environmentId, id, overlapSeconds],
  );
  await runStatement(
    manager,
    'DELETE FROM api_client_secrets WHERE environment_id = $1 AND api_client_id = $2 AND expire_time <= now()',
    [environmentId, id],
  );
  const { rows } = await runStatement<{ live: string }>(
    manager,
    'SELECT count(*) AS live FROM api_client_secrets WHERE environment_id = $1 AND api_client_id = $2',
    [environmentId, id],
  );
  return Number(rows[0]?.live);
}
