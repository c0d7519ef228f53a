import type { ApiScope } from '@rollcall/contract';
import type { ApiClient } from '@rollcall/database';
import { findChanges, isChanged } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { distinct } from './create-api-client';
import { aboutApiClient, apiClientFields, lockApiClient } from './find-api-client';
import type { ApiClientScope } from './find-api-client';

/** What changes; an absent key stays. */
export interface ApiClientPatch {
  name?: string;
  scopes?: readonly ApiScope[];
}

/** Merges a patch into an API client; scopes hold from the commit on. Throws AppError `api_client_not_found`. */
export async function updateApiClient(
  writer: Writer,
  scope: ApiClientScope,
  { name, scopes }: ApiClientPatch,
): Promise<ApiClient> {
  return recordChange(writer, { environmentId: scope.environmentId }, async (manager) => {
    const client = await lockApiClient(manager, scope);
    const before = apiClientFields(client);
    client.name = name ?? client.name;
    if (scopes) client.scopes = distinct(scopes);
    await manager.save(client);
    const changes = findChanges(before, apiClientFields(client));
    return {
      answer: client,
      entries: isChanged(changes) ? [{ action: 'api_client.updated', ...aboutApiClient(client), changes }] : [],
    };
  });
}
