import { apiPath } from './api-url';
import type { Connection } from './connection';
import type { Deprovisioning, HeldUser, HeldUserFilter } from '../api-types';
import { pagedList } from './paged-list';
import type { PagedList, PageSize } from './paged-list';

/** What the deprovision guard of a directory holds, and your decision about it. The guard is set with `directories.update`. */
export function deprovisioningCalls(connection: Connection) {
  const decide = async (
    action: 'release' | 'discard',
    [organizationId, directoryId]: readonly [string, string],
    userIds?: readonly string[],
  ): Promise<Deprovisioning> => {
    const path = `${apiPath`/organizations/${organizationId}/directories/${directoryId}`}:${action}_deprovisioning`;
    const body = userIds ? { user_ids: userIds } : {};
    return (await connection.json<{ deprovisioning: Deprovisioning }>({ method: 'POST', path, body })).deprovisioning;
  };
  return {
    /** The users whose deactivation or deletion waits, and those for whom it was discarded; as published. */
    listHeldUsers: (
      organizationId: string,
      directoryId: string,
      query: PageSize & HeldUserFilter = {},
    ): PagedList<HeldUser> =>
      pagedList(connection, {
        path: apiPath`/organizations/${organizationId}/directories/${directoryId}/held_users`,
        itemsKey: 'held_users',
        query: { ...query },
      }),
    /**
     * Publishes what is held, one event for each object. The answer tells the progress at once; the worker carries it out.
     * @param userIds 1 to 1000 of the held or discarded users; absent = everyone who is held
     */
    release: (organizationId: string, directoryId: string, userIds?: readonly string[]): Promise<Deprovisioning> =>
      decide('release', [organizationId, directoryId], userIds),
    /** Keeps what is published until the identity provider changes the user again. */
    discard: (organizationId: string, directoryId: string, userIds?: readonly string[]): Promise<Deprovisioning> =>
      decide('discard', [organizationId, directoryId], userIds),
  };
}

/** What `deprovisioningCalls` answers. */
export type DeprovisioningCalls = ReturnType<typeof deprovisioningCalls>;
