import type { ClientBase, Pool } from 'pg';
import type { MovedOrganization } from './cell';

/** The bare ids of an organization's directories, deleted ones too, in order. Takes a connection of the owner's. */
export async function readDirectoryIds(
  client: ClientBase | Pool,
  { environmentId, organizationId }: MovedOrganization,
): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM directories WHERE environment_id = $1 AND organization_id = $2 ORDER BY id',
    [environmentId, organizationId],
  );
  return rows.map(({ id }) => id);
}
