import type { Organization } from '@rollcall/database';
import type { DirectoryView, HandOverView, PortalSettingsView } from '@rollcall/management';
import { renderDirectory } from '../../management/directories/render-directory';
import { renderHandOver } from '../../management/hand-overs/render-hand-over';
import { renderBranding } from '../../management/portal-settings/render-branding';

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
  const { organization, settings } = page;
  const handOver = renderHandOver(page, at.now);
  const directory = renderDirectory(page.directory, at);
  return {
    hand_over: handOver,
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
      secrets: directory.secrets.filter(({ id }) => id === handOver.secret_id),
    },
    portal: {
      ...renderBranding(settings),
      admin_may_map_roles: settings.adminMayMapRoles,
    },
  };
}
