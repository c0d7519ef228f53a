import { apiPath } from './api-url';
import type { ApiRequest, Connection } from './connection';
import type { Erasure, ErasureListQuery } from '../api-types';
import { pagedList } from './paged-list';
import type { PagedList } from './paged-list';

/** Erasing what is kept of a person or an organization that was deleted. */
export function erasureCalls(connection: Connection) {
  const readErasure = async (request: ApiRequest) => (await connection.json<{ erasure: Erasure }>(request)).erasure;
  return {
    /**
     * Answers at once: `get` tells its progress. The user is named by the id that events carry.
     * @throws RollcallError `user_not_deleted` while the identity provider still has the user
     */
    eraseUser: (organizationId: string, directoryId: string, userId: string): Promise<Erasure> =>
      readErasure({
        method: 'POST',
        path: apiPath`/organizations/${organizationId}/directories/${directoryId}/users/${userId}:erase`,
      }),
    /**
     * Answers at once: `get` tells its progress, and has the receipt.
     * @throws RollcallError `organization_not_deleted` until the organization was deleted
     */
    eraseOrganization: (organizationId: string): Promise<Erasure> =>
      readErasure({ method: 'POST', path: apiPath`/organizations/${organizationId}:erase` }),
    /** Newest first. */
    list: (query: ErasureListQuery = {}): PagedList<Erasure> =>
      pagedList(connection, { path: '/erasures', itemsKey: 'erasures', query: { ...query } }),
    get: (erasureId: string): Promise<Erasure> => readErasure({ path: apiPath`/erasures/${erasureId}` }),
  };
}

/** What `erasureCalls` answers. */
export type ErasureCalls = ReturnType<typeof erasureCalls>;
