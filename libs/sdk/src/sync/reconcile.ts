import type { RollcallClient } from '../client/create-rollcall-client';
import type { DirectoryStore } from './directory-store';
import { syncDirectory } from './sync-directory';
import type { DirectoryToSync, SyncResult } from './sync-directory';

/** What `reconcile` takes. */
export interface ToReconcile {
  client: DirectoryToSync['client'] & {
    organizations: Pick<RollcallClient['organizations'], 'list'>;
    directories: Pick<RollcallClient['directories'], 'list'>;
  };
  store: DirectoryStore;
  /** Only the directories of this organization; absent: of all. */
  organizationId?: string;
  signal?: AbortSignal | undefined;
}

/** What became of one directory: `result`, or the `error` that kept it as it was. */
export type ReconciledDirectory = { organizationId: string; directoryId: string } & (
  | { result: SyncResult; error?: undefined }
  | { result?: undefined; error: unknown }
);

/**
 * Brings every directory in a store up to date, one after the other: for the start of your application and a schedule, so that a webhook
 * that never came is made up for. One that fails keeps no other from its turn. The store moves the rows and the position of a directory
 * in one transaction. A directory that was deleted is not in the list any more: its event tells of it.
 * @throws RollcallError when the directories cannot be listed; the reason of an abort
 */
export async function* reconcile({
  client,
  store,
  organizationId,
  signal,
}: ToReconcile): AsyncGenerator<ReconciledDirectory, void, undefined> {
  const organizations = organizationId === undefined ? client.organizations.list() : [{ id: organizationId }];
  for await (const organization of organizations) {
    for await (const { id: directoryId } of client.directories.list(organization.id)) {
      signal?.throwIfAborted();
      const target = { organizationId: organization.id, directoryId };
      try {
        yield { ...target, result: await syncDirectory({ client, store, signal, ...target }) };
      } catch (error) {
        signal?.throwIfAborted();
        yield { ...target, error };
      }
    }
  }
}
