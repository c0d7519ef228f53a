import type { DataSource } from 'typeorm';
import { runStatement, tenantTransaction } from '@rollcall/database';
import { publicId } from '@rollcall/platform';

/**
 * The ids of the organizations and directories of an environment that came from another service, by the ids that they had there. What
 * is not known, or was deleted, is left out.
 * @param service by its name in `external_ids`
 */
export async function findImported(
  dataSource: DataSource,
  { environmentId, service }: { environmentId: string; service: string },
  ids: readonly string[],
): Promise<Map<string, string>> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const { rows } = await runStatement<{ theirs: string; prefix: 'org' | 'dir'; id: string }>(
      manager,
      `SELECT external_ids ->> $2 AS theirs, 'org' AS prefix, id FROM organizations
       WHERE environment_id = $1 AND deleted_time IS NULL AND external_ids ->> $2 = ANY ($3::text[])
       UNION ALL
       SELECT external_ids ->> $2, 'dir', id FROM directories
       WHERE environment_id = $1 AND deleted_time IS NULL AND external_ids ->> $2 = ANY ($3::text[])`,
      [environmentId, service, ids],
    );
    return new Map(rows.map(({ theirs, prefix, id }) => [theirs, publicId(prefix, id)]));
  });
}
