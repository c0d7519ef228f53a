import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '@rollcall/platform';
import { tenantTransaction } from '@rollcall/database';
import type { Writer } from '../audit/record-change';
import { readPortalSettings } from '../portal-settings/find-portal-settings';

/** What the admins of an environment's organizations may set themselves in the portal. */
export interface AdminMayMap {
  roles: boolean;
  attributes: boolean;
}

/** What the app owner lets admins set. */
export async function readAdminMayMap(manager: EntityManager, environmentId: string): Promise<AdminMayMap> {
  const { adminMayMapRoles: roles, adminMayMapAttributes: attributes } = await readPortalSettings(
    manager,
    environmentId,
  );
  return { roles, attributes };
}

/** Throws AppError `mapping_not_allowed` unless the app owner lets admins set these rules. */
export async function refuseMappingByAdmin(
  dataSource: DataSource,
  environmentId: string,
  what: keyof AdminMayMap,
): Promise<void> {
  return tenantTransaction(dataSource, { environmentId }, (manager) => refuseMapping(manager, environmentId, what));
}

/** A writer who is asked again in the transaction of the change: the owner may have said otherwise meanwhile. */
export function asMappingAdmin(writer: Writer, environmentId: string, what: keyof AdminMayMap): Writer {
  return {
    ...writer,
    admit: async (manager) => {
      await writer.admit?.(manager);
      await refuseMapping(manager, environmentId, what);
    },
  };
}

async function refuseMapping(manager: EntityManager, environmentId: string, what: keyof AdminMayMap): Promise<void> {
  if ((await readAdminMayMap(manager, environmentId))[what]) return;
  throw new AppError({
    kind: 'forbidden',
    code: 'mapping_not_allowed',
    message: `The vendor of the app sets ${what === 'roles' ? 'which group gives which role' : 'how attributes are mapped'}.`,
  });
}
