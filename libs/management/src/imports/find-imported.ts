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
  if (ids.length === 0) return new Map();
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const { rows } = await runStatement<{ theirs: string; prefix: 'org' | 'dir'; id: string }>(
      manager,
      `SELECT f.theirs, f.prefix, f.id FROM (
         SELECT i.foreign_id AS theirs, 'org' AS prefix, o.id, o.deleted_time FROM imported_ids i
         JOIN organizations o ON o.environment_id = i.environment_id AND o.id = i.own_id
         WHERE i.environment_id = $1 AND i.service = $2 AND i.kind = 'org' AND i.foreign_id = ANY ($3::text[])
         UNION ALL
         SELECT i.foreign_id, 'dir', d.id, d.deleted_time FROM imported_ids i
         JOIN directories d ON d.environment_id = i.environment_id AND d.id = i.own_id
         WHERE i.environment_id = $1 AND i.service = $2 AND i.kind = 'dir' AND i.foreign_id = ANY ($3::text[])) f
       ORDER BY f.deleted_time`,
      [environmentId, service, ids],
    );
    // Those that are not deleted come last, and have the last word.
    return new Map(rows.map(({ theirs, prefix, id }) => [theirs, publicId(prefix, id)]));
  });
}
