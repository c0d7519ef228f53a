import { poolOf } from '../connect-database';
import { longTransaction } from '../long-transaction';
import { quoteName } from '../quote-name';
import { TABLE_CLASSES } from '../table-classes';
import type { Cell, MovedOrganization } from './cell';
import { readDirectoryIds } from './read-directories';
import { HELD } from './hold-organization';
import { findMovedTables, TOMBSTONES } from './moved-tables';

const STATEMENTS = { statementMs: 0, lockMs: 30_000 };

/** Few rows, which let somebody in or which somebody would meet in two cells. Of the rest the workers purge the cell as for a deleted directory. */
const AT_ONCE: readonly string[] = [
  ...TABLE_CLASSES.organization.tables,
  'directory_secrets',
  'api_clients',
  'api_client_secrets',
  'imported_ids',
];

/**
 * Leaves tombstones of an organization and its directories in a cell, as if it had been deleted there, without an event: their stored events stay
 * readable. Does no harm when it is done again, or where nothing of the organization is.
 */
export async function leaveOrganization(cell: Cell, organization: MovedOrganization): Promise<void> {
  const values = [organization.environmentId, organization.organizationId];
  await longTransaction(poolOf(cell.dataSource), STATEMENTS, async (client) => {
    const directoryIds = await readDirectoryIds(client, organization);
    const tables = await findMovedTables(client, organization, directoryIds);
    await client.query(
      `UPDATE organizations SET deleted_time = now()
       WHERE environment_id = $1 AND id = $2 AND (deleted_time IS NULL OR deleted_time = ${HELD})`,
      values,
    );
    await client.query(
      'UPDATE directories SET deleted_time = coalesce(deleted_time, now()) WHERE environment_id = $1 AND organization_id = $2',
      values,
    );
    for (const { name, where } of tables.toReversed()) {
      if (AT_ONCE.includes(name) && !TOMBSTONES.includes(name))
        await client.query(`DELETE FROM ${quoteName(name)} WHERE ${where}`);
    }
  });
}
