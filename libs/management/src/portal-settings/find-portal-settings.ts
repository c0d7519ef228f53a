import type { DataSource, EntityManager } from 'typeorm';
import { PortalLogo, PortalSettings, tenantTransaction } from '@rollcall/database';

/** How an environment's portal is set up; every field has a value, also where nothing was ever set. */
export type PortalSettingsView = Omit<PortalSettings, 'environmentId' | 'updateTime'>;

const UNSET: PortalSettingsView = {
  displayName: null,
  logoUrl: null,
  logoId: null,
  accentColor: null,
  supportContact: null,
  allowedOrigins: [],
  adminMayMapRoles: false,
  adminMayMapAttributes: false,
};

/** The settings of an environment's portal. */
export async function findPortalSettings(dataSource: DataSource, environmentId: string): Promise<PortalSettingsView> {
  return tenantTransaction(dataSource, { environmentId }, (manager) => readPortalSettings(manager, environmentId));
}

/** The same in a transaction. */
export async function readPortalSettings(manager: EntityManager, environmentId: string): Promise<PortalSettingsView> {
  return (await manager.findOneBy(PortalSettings, { environmentId })) ?? UNSET;
}

/** What pages may frame an environment's portal: no more than a browser is told with each page that may be framed. */
export async function findAllowedOrigins(dataSource: DataSource, environmentId: string): Promise<string[]> {
  return (await findPortalSettings(dataSource, environmentId)).allowedOrigins;
}

/** A logo by its id, which is all that a browser says of it; null when there is none, or a newer one in its place. */
export async function findPortalLogo(
  dataSource: DataSource,
  id: string,
): Promise<Pick<PortalLogo, 'mediaType' | 'content'> | null> {
  const [found] = await dataSource.query<{ environment_id: string }[]>(
    'SELECT environment_id FROM find_portal_logo($1)',
    [id],
  );
  if (!found) return null;
  const { environment_id: environmentId } = found;
  return tenantTransaction(dataSource, { environmentId }, (manager) =>
    manager.findOneBy(PortalLogo, { environmentId, id }),
  );
}
