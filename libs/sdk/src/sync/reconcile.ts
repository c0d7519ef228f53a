import type { RollcallClient } from '../client/create-rollcall-client';
import { NotFoundError } from '../client/rollcall-error';
import type { DirectoryStore } from './directory-store';
import { findDeletion } from './find-deletion';
import { readAll } from './read-all';
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
 * in one transaction. A directory that was deleted is not listed any more: when those of all organizations are reconciled and the store
 * has `listDirectories`, its event is asked for.
 * @throws RollcallError when the directories cannot be listed; the reason of an abort
 */
export async function* reconcile(work: ToReconcile): AsyncGenerator<ReconciledDirectory, void, undefined> {
  const { store, organizationId } = work;
  const listed = new Set<string>();
  for await (const target of listDirectories(work)) {
    listed.add(target.directoryId);
    yield await reconcileOne(target, work);
  }
  if (organizationId !== undefined) return;
  for (const directoryId of (await store.listDirectories?.()) ?? []) {
    if (listed.has(directoryId)) continue;
    const deletion = await unlessNotFound(findDeletion({ ...work, directoryId }));
    if (deletion) yield await reconcileOne({ organizationId: deletion.organization_id, directoryId }, work);
  }
}

interface Target {
  organizationId: string;
  directoryId: string;
}

async function* listDirectories({
  client,
  organizationId,
  signal,
}: ToReconcile): AsyncGenerator<Target, void, undefined> {
  if (organizationId !== undefined) {
    for await (const { id } of client.directories.list(organizationId)) yield { organizationId, directoryId: id };
    return;
  }
  for await (const organization of client.organizations.list()) {
    signal?.throwIfAborted();
    // One that was deleted since it was listed has none.
    const directories = (await unlessNotFound(readAll(client.directories.list(organization.id)))) ?? [];
    for (const { id } of directories) yield { organizationId: organization.id, directoryId: id };
  }
}

async function reconcileOne(target: Target, { client, store, signal }: ToReconcile): Promise<ReconciledDirectory> {
  signal?.throwIfAborted();
  try {
    return { ...target, result: await syncDirectory({ client, store, signal, ...target }) };
  } catch (error) {
    signal?.throwIfAborted();
    return { ...target, error };
  }
}

async function unlessNotFound<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}
