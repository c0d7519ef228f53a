import type { DataSource } from 'typeorm';
import type { ErasureCounts } from '@rollcall/contract';
import { runStatement, tenantTransaction } from '@rollcall/database';
import type { OrganizationScope } from '../directories/find-directory';

/** What an erasure would find now, by kind. `user`: one person; null: the whole organization. */
export async function previewErasure(
  dataSource: DataSource,
  { environmentId, organizationId }: OrganizationScope,
  user: { directoryId: string; userId: string } | null,
): Promise<ErasureCounts> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const { rows } = user
      ? await runStatement<Record<string, string>>(manager, COUNT_PERSON, [user.directoryId, user.userId])
      : await runStatement<Record<string, string>>(manager, COUNT_ORGANIZATION, [environmentId, organizationId]);
    return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([kind, count]) => [kind, Number(count)]));
  });
}

const COUNT_PERSON = `SELECT count(*) AS events FROM events WHERE directory_id = $1 AND resource_id = $2`;

const DIRECTORIES = `(SELECT d.id FROM directories d WHERE d.environment_id = $1 AND d.organization_id = $2)`;

const COUNT_ORGANIZATION = `SELECT
  (SELECT count(*) FROM directories d WHERE d.environment_id = $1 AND d.organization_id = $2) AS directories,
  (SELECT count(*) FROM events e WHERE e.directory_id IN ${DIRECTORIES}) AS events,
  (SELECT count(*) FROM deliveries e WHERE e.directory_id IN ${DIRECTORIES}) AS deliveries,
  (SELECT count(*) FROM delivery_attempts e WHERE e.directory_id IN ${DIRECTORIES}) AS delivery_attempts,
  (SELECT count(*) FROM audit_log a WHERE a.environment_id = $1 AND a.organization_id = $2) AS audit_entries`;
