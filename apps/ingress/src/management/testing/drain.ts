import { normalizeChanges } from '@rollcall/events';
import { newId, parseId } from '@rollcall/platform';
import { createDataSource } from '@rollcall/database';
import { drainBatch, findDirectoryTenant } from '@rollcall/pipeline-store';

/** Turns a directory's pending changes into events, as the worker does, without deliveries. */
export async function drain(appUrl: string, publicDirectoryId: string): Promise<void> {
  const dataSource = await createDataSource({ url: appUrl, poolSize: 1 }).initialize();
  try {
    const tenant = await findDirectoryTenant(dataSource, parseId('dir', publicDirectoryId) ?? '');
    if (!tenant) return;
    const drainOnce = () =>
      drainBatch(dataSource, tenant, (work) => ({
        batch: normalizeChanges(work.changes, work.published, {
          ...work.tenant,
          lastSequence: work.lastSequence,
          epoch: work.epoch,
          newEventId: () => newId(),
          roles: work.rules,
        }),
        deliveries: [],
      }));
    while (await drainOnce());
  } finally {
    await dataSource.destroy();
  }
}
