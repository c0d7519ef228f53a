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
  addressOf: (directoryId) =>
    `/organizations/${findOrganization(`/directories/${directoryId}`)}/directories/${directoryId}`,
  isEnglish: true,
  exportsUsers: false,
  urlOf: (path) => `/api/v1/organizations/${findOrganization(path)}${path}`,
  headers: environmentHeader,
  vendor: 'whoever runs this server',
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
    role_required: {
      title: 'Your role does not allow this',
      advice: 'Ask an owner of this environment to do it, or to change your role.',
    },
    insufficient_scope: {
      title: 'Your role does not allow this',
      advice: 'Ask an owner of this environment to do it, or to change your role.',
    },
    environment_not_found: {
      title: 'You are not a member of this environment any more',
      advice: 'Its owner can invite you again.',
    },
    invalid_credentials: {
      title: 'The email or the password is wrong',
      advice: 'Try again. Who has forgotten the password asks an owner for a new invitation.',
    },
    second_factor_refused: { title: 'That code is wrong, or was used already', advice: 'Try the next one.' },
    second_factor_expired: { title: 'That took too long', advice: 'Begin again with your password.' },
    passkey_refused: { title: 'That passkey does not sign in here', advice: 'Try another one, or your password.' },
    passkey_not_used: { title: 'No passkey was used', advice: 'Try again, or use your password.' },
    passkey_not_made: { title: 'No passkey was made', advice: 'Try again when you are ready.' },
    setup_link_unknown: {
      title: 'This address has been used, or is not the newest',
      advice: 'Whoever used it is an owner now: sign in, or ask them to invite you.',
    },
    sign_in_required: {
      title: 'You have an account with a second factor',
      advice: 'Sign in first, then open the invitation again.',
    },
    single_sign_on_required: {
      title: 'Passwords are switched off here',
      advice: 'Use the button with the name of your identity provider.',
    },
    single_sign_on_refused: {
      title: 'The identity provider could not be used',
      advice: 'Check the issuer and the client, then try again.',
    },
    last_owner: {
      title: 'This is the last owner of the environment',
      advice: 'Make somebody else an owner first.',
    },
    member_exists: {
      title: 'They are a member already',
      advice: 'You find them in the list, and can change their role.',
    },
    email_taken: { title: 'There is an account of that address already', advice: 'Sign in with it.' },
    mail_not_configured: {
      title: 'This server sends no mail',
      advice: 'Set SMTP_URL and MAIL_FROM and start it again, or copy the link and send it yourself.',
    },
    external_id_taken: {
      title: 'Another organization has this external ID',
      advice: 'Each belongs to one organization. Search for it to find which.',
    },
    role_name_taken: { title: 'There is a role of this name already', advice: 'Choose another name.' },
    role_in_use: {
      title: 'This role is still given to somebody',
      advice: 'Take it out of the assignments and the default first.',
    },
  },
};
