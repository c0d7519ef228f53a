import { readOrigin } from '@rollcall/contract';
import type { PortalSettings, PortalSettingsInput } from '@rollcall/sdk';

/** What stands in the fields while the settings are edited: texts, empty where nothing is set. */
export interface SettingsDraft {
  name: string;
  logoUrl: string;
  accent: string;
  support: string;
  /** One origin a line. */
  origins: string;
  mayMapRoles: boolean;
  mayMapAttributes: boolean;
}

export function draftOf(settings: PortalSettings): SettingsDraft {
  return {
    name: settings.display_name ?? '',
    logoUrl: settings.logo_url ?? '',
    accent: settings.accent_color ?? '',
    support: settings.support_contact ?? '',
    origins: settings.allowed_origins.join('\n'),
    mayMapRoles: settings.admin_may_map_roles,
    mayMapAttributes: settings.admin_may_map_attributes,
  };
}

/** What the server is sent: a field that is empty is not set. */
export function inputOf(draft: SettingsDraft): PortalSettingsInput {
  return {
    display_name: draft.name.trim() || null,
    logo_url: draft.logoUrl.trim() || null,
    accent_color: draft.accent.trim() || null,
    support_contact: draft.support.trim() || null,
    allowed_origins: originsOf(draft),
    admin_may_map_roles: draft.mayMapRoles,
    admin_may_map_attributes: draft.mayMapAttributes,
  };
}

/** What stands in the origins' field that is no origin: not https (http only on this machine), or with a path, or a pattern. */
export function findBadOrigins(draft: SettingsDraft): string[] {
  return originsOf(draft).filter((text) => readOrigin(text) === null);
}

function originsOf({ origins }: SettingsDraft): string[] {
  return origins.split(/[\s,]+/).filter(Boolean);
}

/** Whether saving would change anything. */
export function isEdited(draft: SettingsDraft, settings: PortalSettings): boolean {
  return JSON.stringify(inputOf(draft)) !== JSON.stringify(inputOf(draftOf(settings)));
}
