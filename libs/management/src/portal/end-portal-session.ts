import type { DataSource } from 'typeorm';
import { PortalSession, tenantTransaction } from '@rollcall/database';

/** Ends a session; no process accepts its cookie from the commit on. */
export async function endPortalSession(
  dataSource: DataSource,
  { environmentId, id }: { environmentId: string; id: string },
): Promise<void> {
  await tenantTransaction(dataSource, { environmentId }, async (manager) => {
    await manager.delete(PortalSession, { environmentId, id });
  });
}
