import type { DataSource } from 'typeorm';
import { notFound, runStatement, tenantTransaction } from '@rollcall/database';
import type { DirectoryScope } from './find-directory';

interface ScopeRow {
  directory_id: string;
  organization_id: string;
}

/** Where a directory of an environment is that is known by its bare id alone. Throws AppError `directory_not_found`. */
export async function findDirectoryScope(
  dataSource: DataSource,
  environmentId: string,
  directoryId: string,
): Promise<DirectoryScope> {
  const scope = await findScope(
    dataSource,
    environmentId,
    `SELECT id AS directory_id, organization_id FROM directories
     WHERE environment_id = $1 AND id = $2 AND deleted_time IS NULL`,
    directoryId,
  );
  if (!scope) throw notFound('directory');
  return scope;
}

/**
 * The directory that a user or a group of an environment is in which is known by its bare id alone. It takes a look at each directory of
 * the environment. Throws AppError `user_not_found`, `group_not_found`.
 */
export async function findResourceScope(
  dataSource: DataSource,
  environmentId: string,
  kind: 'user' | 'group',
  id: string,
): Promise<DirectoryScope> {
  const sql = 'SELECT directory_id, organization_id FROM find_directory_of_resource($1, $2)';
  const scope = await findScope(dataSource, environmentId, sql, id);
  if (!scope) throw notFound(kind);
  return scope;
}

async function findScope(
  dataSource: DataSource,
  environmentId: string,
  sql: string,
  id: string,
): Promise<DirectoryScope | null> {
  const { rows } = await tenantTransaction(dataSource, { environmentId }, (manager) =>
    runStatement<ScopeRow>(manager, sql, [environmentId, id]),
  );
  const [row] = rows;
  return row ? { environmentId, organizationId: row.organization_id, directoryId: row.directory_id } : null;
}
