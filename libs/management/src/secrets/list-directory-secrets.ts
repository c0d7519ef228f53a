import { In } from 'typeorm';
import type { DataSource } from 'typeorm';
import { DirectorySecret, tenantTransaction } from '@rollcall/database';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { countRows, readPage } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';

/** The secrets of a directory, newest first. Throws AppError `directory_not_found`. */
export async function listDirectorySecrets(
  dataSource: DataSource,
  scope: DirectoryScope,
  page: PageRequest,
): Promise<Page<DirectorySecret> & { total: number }> {
  const { environmentId, directoryId } = scope;
  return tenantTransaction(dataSource, scope, async (manager) => {
    await requireDirectory(manager, scope);
    const list = {
      columns: 's.id',
      from: 'directory_secrets s',
      where: 's.environment_id = $1 AND s.directory_id = $2',
      params: [environmentId, directoryId],
      keys: [{ sql: 's.id', type: 'text' }] as const,
      descending: true,
    };
    const { rows, next, prev } = await readPage<{ id: string }>(manager, list, page);
    const secrets = await manager.find(DirectorySecret, {
      where: { environmentId, directoryId, id: In(rows.map(({ id }) => id)) },
      order: { id: 'DESC' },
    });
    return { rows: secrets, next, prev, total: await countRows(manager, list) };
  });
}
