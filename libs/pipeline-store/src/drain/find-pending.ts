import type { DataSource } from 'typeorm';
import { SET_ASIDE_MS } from '@rollcall/events';
import type { BatchTenant } from './write-batch';

/** The tenant of a directory, for a caller that holds only its id; null when there is no such directory. */
export async function findDirectoryTenant(dataSource: DataSource, directoryId: string): Promise<BatchTenant | null> {
  const [row] = await dataSource.query<Omit<TenantRow, 'directory_id'>[]>(
    'SELECT environment_id, organization_id FROM find_directory_tenant($1)',
    [directoryId],
  );
  return row ? readTenant({ ...row, directory_id: directoryId }) : null;
}

/** Up to `limit` directories after `after` ('' = from the start), in order of their ids, that have changes to drain. */
export async function findDirectoriesWithChanges(
  dataSource: DataSource,
  after: string,
  limit: number,
): Promise<BatchTenant[]> {
  const rows = await dataSource.query<TenantRow[]>(
    `SELECT environment_id, organization_id, directory_id
     FROM find_tenants_with_changes($1, $2, $3 * interval '1 millisecond')`,
    [after, limit, SET_ASIDE_MS],
  );
  return rows.map(readTenant);
}

interface TenantRow {
  environment_id: string;
  organization_id: string;
  directory_id: string;
}

function readTenant(row: TenantRow): BatchTenant {
  return { environmentId: row.environment_id, organizationId: row.organization_id, directoryId: row.directory_id };
}

/** Deleted directories whose resources are still stored. */
export async function findDirectoriesToPurge(
  dataSource: DataSource,
  limit: number,
): Promise<{ environmentId: string; directoryId: string }[]> {
  const rows = await dataSource.query<{ environment_id: string; directory_id: string }[]>(
    'SELECT environment_id, directory_id FROM find_directories_to_purge($1)',
    [limit],
  );
  return rows.map((row) => ({ environmentId: row.environment_id, directoryId: row.directory_id }));
}
