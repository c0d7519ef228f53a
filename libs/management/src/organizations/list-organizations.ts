import { In } from 'typeorm';
import type { DataSource } from 'typeorm';
import { parseId } from '@rollcall/platform';
import { Organization, tenantTransaction } from '@rollcall/database';
import { countRows, LONG_READ_MS, readPage } from '../paging/read-page';
import type { ListStatement, Page, PageRequest } from '../paging/read-page';

/** Which organizations of an environment; absent = all. */
export interface OrganizationFilter {
  environmentId: string;
  /** The one with that bare id. */
  only?: string;
  /** Text in the name or the external id in any case, or the whole id. */
  search?: string;
}

/** The organizations of an environment, oldest first. */
export async function listOrganizations(
  dataSource: DataSource,
  filter: OrganizationFilter,
  page: PageRequest,
): Promise<Page<Organization> & { total: number }> {
  const { environmentId } = filter;
  return tenantTransaction(dataSource, { environmentId, statementTimeoutMs: LONG_READ_MS }, async (manager) => {
    const list = organizationList(filter);
    const { rows, next, prev } = await readPage<{ id: string }>(manager, list, page);
    const organizations = await manager.find(Organization, {
      where: { environmentId, id: In(rows.map(({ id }) => id)) },
      order: { id: 'ASC' },
    });
    return { rows: organizations, next, prev, total: await countRows(manager, list) };
  });
}

function organizationList({ environmentId, only, search }: OrganizationFilter): ListStatement {
  const params: unknown[] = [environmentId];
  const add = (value: unknown) => `$${params.push(value)}`;
  const conditions = ['o.environment_id = $1', 'o.deleted_time IS NULL'];
  if (only !== undefined) conditions.push(`o.id = ${add(only)}`);
  if (search) {
    const text = add(search.toLowerCase());
    const id = add(parseId('org', search));
    conditions.push(
      `(strpos(lower(o.display_name), ${text}) > 0 OR strpos(lower(o.external_id), ${text}) > 0 OR o.id = ${id})`,
    );
  }
  return {
    columns: 'o.id',
    from: 'organizations o',
    where: conditions.join(' AND '),
    params,
    keys: [{ sql: 'o.id', type: 'text' }],
  };
}
