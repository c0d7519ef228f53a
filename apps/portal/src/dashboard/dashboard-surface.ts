import type { Surface } from '../shared/api/surface';
import { environmentHeader, organizationOfAddress } from '../shared/management-api/environment-address';

/**
 * The owner's dashboard. What the portal's pages ask for a directory is answered here by the management API, which has the same paths
 * below an organization: that of the page's address.
 */
export const dashboardSurface: Surface = {
  title: 'Rollcall',
  urlOf: (path) => {
    const organizationId = organizationOfAddress(location.pathname);
    if (organizationId === null) throw new Error(`${path} is asked for on a page that is not an organization's`);
    return `/api/v1/organizations/${organizationId}${path}`;
  },
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
