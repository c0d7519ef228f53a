import { applyEvent, isDirectoryStreamEvent, syncDirectory } from '@rollcall/sdk';
import type { DirectoryStore, RollcallClient, RollcallEvent } from '@rollcall/sdk';

/**
 * What to give the webhook route as `handle`: every event is applied at once, and whatever is missing before it is fetched.
 * Events may come late, twice or in another order; the store ends up right.
 */
export function keepDirectories(client: RollcallClient, store: DirectoryStore) {
  return async (event: RollcallEvent): Promise<void> => {
    if (!isDirectoryStreamEvent(event)) return;
    const { organization_id: organizationId, directory_id: directoryId } = event;
    const { behind } = await applyEvent({ event, store });
    if (behind) await syncDirectory({ client, organizationId, directoryId, store });
  };
}
