import type { Organization } from '@rollcall/database';
import type { DirectoryView, HandOverView, PortalSettingsView } from '@rollcall/management';
import { publicId } from '@rollcall/platform';
import { renderDirectory } from '../../management/directories/render-directory';
import { renderHandOver } from '../../management/hand-overs/render-hand-over';
import { logoPath } from '../../management/portal-settings/logo-path';

interface HandOverPage extends HandOverView {
  directory: DirectoryView;
  organization: Pick<Organization, 'displayName'>;
  settings: PortalSettingsView;
}

/**
 * What the page of a hand-over shows: where the provider sends to and how that goes. Of the people in the directory only how many, and of its
 * bearer tokens only the one that the page has shown.
 */
export function renderHandOverPage(page: HandOverPage, at: { publicUrl: string; now: Date }) {
  const { handOver, organization, settings } = page;
  const directory = renderDirectory(page.directory, at);
  const secretId = handOver.secretId && publicId('sec', handOver.secretId);
  return {
    hand_over: renderHandOver(page, at.now),
    organization: { display_name: organization.displayName },
    directory: {
      id: directory.id,
      name: directory.name,
      directory_provider: directory.directory_provider,
      directory_endpoint: directory.directory_endpoint,
      enabled: directory.enabled,
      status: directory.status,
      health: directory.health,
      last_request_time: directory.last_request_time,
      setup: directory.setup,
      total_users: directory.total_users,
      secrets: directory.secrets.filter(({ id }) => id === secretId),
    },
    portal: {
      display_name: settings.displayName,
      logo_path: logoPath(settings.logoId),
      accent_color: settings.accentColor,
      support_contact: settings.supportContact,
      admin_may_map_roles: settings.adminMayMapRoles,
    },
  };
}
