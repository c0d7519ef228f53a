import { In } from 'typeorm';
import type { DataSource } from 'typeorm';
import { Role, tenantTransaction } from '@rollcall/database';
import { countRows, readPage } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';
import type { RoleView } from './find-role';
import { readDefaultRole } from './set-default-role';

/** The roles of an environment in order of name. */
export async function listRoles(
  dataSource: DataSource,
  environmentId: string,
  page: PageRequest,
): Promise<Page<RoleView> & { total: number }> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const list = {
      columns: 'r.role_name',
      from: 'roles r',
      where: 'r.environment_id = $1',
      params: [environmentId],
      keys: [{ sql: 'r.role_name', type: 'text' }] as const,
    };
    const { rows, next, prev } = await readPage<{ role_name: string }>(manager, list, page);
    const roles = await manager.find(Role, {
      where: { environmentId, roleName: In(rows.map(({ role_name }) => role_name)) },
      order: { roleName: 'ASC' },
    });
    const defaultRole = await readDefaultRole(manager, environmentId);
    return {
      rows: roles.map((role) => ({ role, isDefaultMember: role.roleName === defaultRole })),
      next,
      prev,
      total: await countRows(manager, list),
    };
  });
}
