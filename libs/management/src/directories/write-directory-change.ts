import type { EntityManager } from 'typeorm';
import { directoryStatus } from '@rollcall/directory';
import type { DirectoryStatus } from '@rollcall/contract';
import type { DirectoryLifecycle } from '@rollcall/events';
import { enterTenant, runStatement } from '@rollcall/database';
import type { Directory } from '@rollcall/database';

/**
 * Writes the change row (outbox) of a directory's lifecycle. The caller holds the directory's row lock or has just inserted it,
 * so that the rows of one directory take their ids in the order of its changes.
 */
export async function writeDirectoryChange(
  manager: EntityManager,
  lifecycle: DirectoryLifecycle,
  directory: Directory,
): Promise<void> {
  // The change row's tenant is the directory, which may have been made in this transaction or be one of several.
  await enterTenant(manager, { environmentId: directory.environmentId, directoryId: directory.id });
  const facts = {
    id: directory.id,
    organization_id: directory.organizationId,
    name: directory.name,
    directory_type: directory.directoryType,
    directory_provider: directory.directoryProvider,
    enabled: directory.enabled,
    status: await readStatus(manager, directory),
    updated_at: directory.updateTime.toISOString(),
    ...(Object.keys(directory.externalIds).length > 0 && { external_ids: directory.externalIds }),
  };
  await runStatement(
    manager,
    `INSERT INTO changes (directory_id, kind, resource_id, resource, occurred_at)
     VALUES ($1, 'directory_written', $1, $2, date_trunc('milliseconds', clock_timestamp()))`,
    [directory.id, JSON.stringify({ lifecycle, directory: facts })],
  );
}

async function readStatus(manager: EntityManager, directory: Directory): Promise<DirectoryStatus> {
  const { rows } = await runStatement<{ found: boolean }>(
    manager,
    `SELECT EXISTS (SELECT 1 FROM directory_secrets s WHERE s.environment_id = $1 AND s.directory_id = $2
       AND s.revoked_time IS NULL AND (s.expire_time IS NULL OR s.expire_time > now())) AS found`,
    [directory.environmentId, directory.id],
  );
  return directoryStatus(directory.firstRequestTime, rows[0]?.found ?? false);
}
