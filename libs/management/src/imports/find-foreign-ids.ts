import type { DataSource } from 'typeorm';
import { runStatement, tenantTransaction } from '@rollcall/database';
import { parseId, publicId } from '@rollcall/platform';

/** What can come from another service. */
const KINDS = ['org', 'dir', 'diruser', 'dirgroup'] as const;
type Kind = (typeof KINDS)[number];

/** Whether a text is the id of something that can come from another service. */
export function mayBeImported(id: string): boolean {
  return KINDS.some((kind) => parseId(kind, id) !== null);
}

/**
 * The ids that things of an environment had at another service, by ours. What came from elsewhere, or is not there, is left out.
 * @param service by its name in `external_ids`
 * @param ids ours; users and groups are looked for in the one directory that stands among them
 */
export async function findForeignIds(
  dataSource: DataSource,
  { environmentId, service }: { environmentId: string; service: string },
  ids: readonly string[],
): Promise<Map<string, string>> {
  const bare = (kind: Kind) => ids.flatMap((id) => parseId(kind, id) ?? []);
  const directoryIds = bare('dir');
  const [directoryId] = directoryIds;
  return tenantTransaction(dataSource, { environmentId, ...(directoryId && { directoryId }) }, async (manager) => {
    const { rows } = await runStatement<{ kind: Kind; id: string; theirs: string }>(
      manager,
      `SELECT f.* FROM (
         SELECT 'org' AS kind, id, external_ids ->> $2 AS theirs FROM organizations
           WHERE environment_id = $1 AND id = ANY ($3::text[])
         UNION ALL
         SELECT 'dir', id, external_ids ->> $2 FROM directories WHERE environment_id = $1 AND id = ANY ($4::text[])
         UNION ALL
         SELECT 'diruser', id, data::json -> 'external_ids' ->> $2 FROM published_users
           WHERE directory_id = $5 AND id = ANY ($6::text[])
         UNION ALL
         SELECT 'dirgroup', id, data::json -> 'external_ids' ->> $2 FROM published_groups
           WHERE directory_id = $5 AND id = ANY ($7::text[])) f
       WHERE f.theirs IS NOT NULL`,
      [environmentId, service, bare('org'), directoryIds, directoryId ?? null, bare('diruser'), bare('dirgroup')],
    );
    return new Map(rows.map(({ kind, id, theirs }) => [publicId(kind, id), theirs]));
  });
}
