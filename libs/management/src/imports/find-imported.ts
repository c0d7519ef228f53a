import type { DataSource } from 'typeorm';
import { runStatement, tenantTransaction } from '@rollcall/database';
import { publicId } from '@rollcall/platform';

/**
 * The ids of the organizations and directories of an environment that came from another service, by the ids that they had there, deleted ones
 * too: events of these are still read. What is not known is left out.
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
      `SELECT f.theirs, f.prefix, f.id FROM (
         SELECT external_ids ->> $2 AS theirs, 'org' AS prefix, id, deleted_time FROM organizations WHERE environment_id = $1
         UNION ALL
         SELECT external_ids ->> $2, 'dir', id, deleted_time FROM directories WHERE environment_id = $1) f
       WHERE f.theirs = ANY ($3::text[]) ORDER BY f.deleted_time`,
      [environmentId, service, ids],
    );
    // Those that are not deleted come last, and have the last word.
    return new Map(rows.map(({ theirs, prefix, id }) => [theirs, publicId(prefix, id)]));
  });
}
