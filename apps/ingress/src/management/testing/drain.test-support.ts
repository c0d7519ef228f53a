import { createDataSource } from '@rollcall/database';
import { findDirectoryTenant } from '@rollcall/pipeline-store';
import { parseId } from '@rollcall/platform';
import { drainForNobody } from '@rollcall/test-builders';

/** Turns a directory's pending changes into events, as the worker does, without deliveries. */
export async function drain(appUrl: string, publicDirectoryId: string): Promise<void> {
  const dataSource = await createDataSource({ url: appUrl, poolSize: 1 }).initialize();
  try {
    const tenant = await findDirectoryTenant(dataSource, parseId('dir', publicDirectoryId) ?? '');
    if (tenant) await drainForNobody(dataSource, tenant);
  } finally {
    await dataSource.destroy();
  }
}
