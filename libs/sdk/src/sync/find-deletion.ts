import type { RollcallClient } from '../client/create-rollcall-client';
import { isDirectoryStreamEvent } from '../events/rollcall-event';
import type { DirectoryStreamEvent } from '../events/rollcall-event';

/**
 * The event that tells of a directory's deletion: its events stay readable when it is gone. Undefined when it was not deleted, or was
 * before the oldest event that is kept.
 * @throws RollcallError of the API
 */
export async function findDeletion({
  client,
  directoryId,
  signal,
}: {
  client: { events: Pick<RollcallClient['events'], 'list'> };
  directoryId: string;
  signal?: AbortSignal | undefined;
}): Promise<DirectoryStreamEvent | undefined> {
  const types = ['organization.directory_deleted'];
  for await (const event of client.events.list({ directory_id: directoryId, types, signal })) {
    if (isDirectoryStreamEvent(event)) return event;
  }
}
