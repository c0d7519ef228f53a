import type { PortalSettingsView } from '@rollcall/management';
import { logoPath } from './logo-path';

/** What a page of the portal shows of whose it is: name, logo, colour, and whom to ask. */
export function renderBranding({ displayName, logoId, accentColor, supportContact }: PortalSettingsView) {
  return {
    display_name: displayName,
    logo_path: logoPath(logoId),
    accent_color: accentColor,
    support_contact: supportContact,
  };
}
