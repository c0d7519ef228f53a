import type { EntityManager } from 'typeorm';
import { PortalLogo, PortalSettings } from '@rollcall/database';
import { newId, publicId } from '@rollcall/platform';
import { findChanges, isChanged } from '../audit/find-changes';
import type { Fields } from '../audit/find-changes';
import { withoutSecrets } from '../audit/audit-target';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { lockEnvironment } from '../environments/lock-environment';
import { readPortalSettings } from './find-portal-settings';
import type { PortalSettingsView } from './find-portal-settings';

/** A picture as it was fetched. */
export interface Logo {
  mediaType: string;
  content: Buffer;
}

/** What the portal is to be like; `logo` undefined: the stored copy of `logoUrl` stays. */
export type NewPortalSettings = Omit<PortalSettingsView, 'logoId'> & { logo?: Logo };

/** Sets up an environment's portal anew: what it had before and is not said is not there any more. */
export async function setPortalSettings(
  writer: Writer,
  environmentId: string,
  { logo, ...settings }: NewPortalSettings,
): Promise<PortalSettingsView> {
  return recordChange(writer, { environmentId }, async (manager) => {
    const { name } = await lockEnvironment(manager, environmentId);
    const before = await readPortalSettings(manager, environmentId);
    const keepsLogo = logo === undefined && settings.logoUrl !== null && settings.logoUrl === before.logoUrl;
    const logoId = keepsLogo ? before.logoId : await replaceLogo(manager, environmentId, logo);
    const after: PortalSettingsView = { ...settings, logoId };
    await manager.upsert(PortalSettings, { ...after, environmentId, updateTime: () => 'now()' }, ['environmentId']);
    const changes = findChanges(portalSettingsFields(before), portalSettingsFields(after));
    const target = { type: 'environment' as const, id: publicId('env', environmentId), name };
    const entries = [{ action: 'portal_settings.updated' as const, target, organizationId: null, changes }];
    return { answer: after, entries: isChanged(changes) ? entries : [] };
  });
}

async function replaceLogo(manager: EntityManager, environmentId: string, logo?: Logo): Promise<string | null> {
  await manager.delete(PortalLogo, { environmentId });
  if (!logo) return null;
  const id = newId();
  await manager.insert(PortalLogo, { environmentId, id, ...logo });
  return id;
}

/** As the API names them; a query of the logo's address may be a password. */
function portalSettingsFields(settings: PortalSettingsView): Fields {
  return {
    display_name: settings.displayName,
    logo_url: settings.logoUrl === null ? null : withoutSecrets(settings.logoUrl),
    logo_id: settings.logoId,
    accent_color: settings.accentColor,
    support_contact: settings.supportContact,
    allowed_origins: settings.allowedOrigins,
    admin_may_map_roles: settings.adminMayMapRoles,
    admin_may_map_attributes: settings.adminMayMapAttributes,
  };
}
