import { apiPath } from './api-url';
import type { ApiClient, ApiClientInput, ApiClientPatch, ApiClientWithSecrets } from '../api-types';
import type { Connection, CreateOptions } from './connection';
import { pagedList } from './paged-list';
import type { PagedList, PageSize } from './paged-list';

/** Who may call the API. Calls of a client that is for one organization alone are refused here. */
export function apiClientCalls(connection: Connection) {
  return {
    /** The answer carries the secrets: keep them, they are not shown again. */
    create: (client: ApiClientInput, options: CreateOptions = {}): Promise<ApiClientWithSecrets> =>
      connection.json({ method: 'POST', path: '/api_clients', body: client, ...options }),
    list: (query: PageSize = {}): PagedList<ApiClient> =>
      pagedList(connection, { path: '/api_clients', itemsKey: 'api_clients', query: { ...query } }),
    /** Merges: an absent key stays. Scopes hold from the answer on. */
    async update(clientId: string, patch: ApiClientPatch): Promise<ApiClient> {
      const path = apiPath`/api_clients/${clientId}`;
      return (await connection.json<{ api_client: ApiClient }>({ method: 'PATCH', path, body: patch })).api_client;
    },
    /** From the answer on nothing of it works: neither its secrets and keys nor its access tokens. */
    revoke: (clientId: string): Promise<void> =>
      connection.json({ method: 'DELETE', path: apiPath`/api_clients/${clientId}` }),
    /** A new secret and key; the others end at once, or after `overlap_seconds` (at most 7 days). */
    rotateSecret: (clientId: string, options: { overlap_seconds?: number } = {}): Promise<ApiClientWithSecrets> =>
      connection.json({ method: 'POST', path: apiPath`/api_clients/${clientId}/secret:rotate`, body: options }),
  };
}

/** What `apiClientCalls` answers. */
export type ApiClientCalls = ReturnType<typeof apiClientCalls>;
