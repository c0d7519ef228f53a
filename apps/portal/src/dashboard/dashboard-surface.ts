import type { Surface } from '../shared/api/surface';
import { environmentHeader, organizationOfAddress } from '../shared/management-api/environment-address';

/** The organization of each directory that was asked for: it stays that one's, also once the page shows another. */
const organizationOf = new Map<string, string>();

function findOrganization(path: string): string {
  const directoryId = /^\/directories\/(dir_[0-9a-z]+)/.exec(path)?.[1];
  const known = directoryId === undefined ? undefined : organizationOf.get(directoryId);
  const organizationId = known ?? organizationOfAddress(location.pathname);
  if (organizationId === null) throw new Error(`${path} is asked for on a page that is not an organization's`);
  if (directoryId !== undefined) organizationOf.set(directoryId, organizationId);
  return organizationId;
}

/**
 * The owner's dashboard. What the portal's pages ask for a directory is answered here by the management API, which has the same paths
 * below an organization.
 */
export const dashboardSurface: Surface = {
  title: 'Rollcall',
  urlOf: (path) =>
    path.startsWith('/directories') ? `/api/v1/organizations/${findOrganization(path)}${path}` : `/api/v1${path}`,
  headers: environmentHeader,
  errors: {
    timeout: {
      title: 'The server took too long to answer',
      advice: 'Try again. If it keeps happening, look at the server’s log.',
    },
    feature_disabled: {
      title: 'Directory Sync is switched off for this organization',
      advice: 'Switch it on at the top of the organization’s page.',
    },
    unauthenticated: { title: 'Your session has ended', advice: 'Sign in again.' },
    insufficient_role: {
      title: 'Your role does not allow this',
      advice: 'Ask an owner of this environment to do it, or to change your role.',
    },
  },
};
