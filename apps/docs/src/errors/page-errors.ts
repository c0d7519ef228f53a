import type { ApiErrorCode, DashboardErrorCode, PortalErrorCode } from '@rollcall/contract';
import type { Explanation } from './api-errors';

const NEW_LINK = 'Ask for a new link.';

/** Codes that only the pages of the Admin Portal meet. */
export const PORTAL_ERRORS: Record<Exclude<PortalErrorCode, ApiErrorCode>, Explanation> = {
  code_expired: ['The one-time code is too old.', 'Ask for another one.'],
  code_required: [
    'The link was mailed, and opens with a code that is sent to the same address.',
    'Enter the code from the second mail.',
  ],
  code_too_soon: ['A code was sent a moment ago.', 'Wait for the mail; look among unwanted mail too.'],
  code_wrong: ['It is not the code that was sent.', 'Copy it from the newest mail.'],
  directory_exists: [
    'The organization has a directory of this provider.',
    'Open that one, or send `"another": true` to add one beside it.',
  ],
  foreign_origin: [
    'The request comes from a page of another origin.',
    'Use the server’s own pages. Behind a proxy, set `PUBLIC_URL` to the address that browsers see.',
  ],
  link_expired: ['The portal link is too old.', NEW_LINK],
  link_unknown: ['The portal link was not copied whole, or was withdrawn.', NEW_LINK],
  link_used: ['A portal link opens once.', NEW_LINK],
  mapping_not_allowed: [
    'The app’s owner maps roles or attributes.',
    'Ask them for the change, or to allow it in the portal’s settings.',
  ],
  organization_deleted: ['The organization was deleted.', 'Ask the app’s owner.'],
  portal_not_built: ['The server was started without the pages.', 'Run `npm run build` and start again.'],
  session_ended: ['The session was closed.', NEW_LINK],
  session_expired: ['A portal session lasts six hours.', NEW_LINK],
  session_missing: ['The browser has no portal session.', NEW_LINK],
  session_of_another_organization: [
    'The browser has the portal of another organization open now.',
    'Reload the page to go on with that one. Nothing was changed.',
  ],
  session_revoked: ['The app’s owner withdrew the session.', NEW_LINK],
  too_many_codes: ['As many codes were sent for this link as there are.', NEW_LINK],
  too_many_directories: [
    'The organization has as many directories as can be added in the portal.',
    'Delete one that is no longer used.',
  ],
  unsubscribe_unknown: ['The address is not among the contacts any more.', 'Nothing: no more mails come to it.'],
};

/** Codes that only the pages of the dashboard meet. */
export const DASHBOARD_ERRORS: Record<Exclude<DashboardErrorCode, ApiErrorCode | PortalErrorCode>, Explanation> = {
  client_secret_required: [
    'Issuer or client ID was changed without a client secret.',
    'Enter the secret: the stored one stays with its issuer.',
  ],
  confirmation_required: [
    'How you sign in changes only after you have shown once more who you are.',
    'Enter your password, or use a passkey.',
  ],
  email_taken: ['There is an account with this address.', 'Sign in with it.'],
  invalid_credentials: ['Address or password is wrong.', 'Try again; an owner can invite you anew.'],
  invitation_expired: ['The invitation is too old.', 'Ask an owner for a new one.'],
  invitation_not_found: ['There is no such invitation.', 'Ask an owner for a new one.'],
  invitation_used: ['The invitation has been accepted.', 'Sign in.'],
  last_owner: ['An environment has at least one owner.', 'Make somebody else an owner first.'],
  member_exists: ['Somebody with this address is a member.', 'Change the role there.'],
  member_not_found: ['There is no such member.', 'Reload the list of members.'],
  passkey_not_found: ['You have no such passkey.', 'Reload the list of passkeys.'],
  passkey_refused: [
    'The passkey is not known here, or its answer came too late.',
    'Try again, or sign in with the password.',
  ],
  second_factor_absent: ['You have no second factor of the kind that this needs.', 'Add one to your account first.'],
  second_factor_expired: [
    'The sign-in has taken too long, or had too many wrong codes.',
    'Begin again with the password.',
  ],
  second_factor_present: ['You have an authenticator app.', 'Remove it first.'],
  second_factor_refused: [
    'The code is wrong, or has been used.',
    'Enter the one that the app shows now, or a recovery code.',
  ],
  session_not_found: ['There is no such session any more.', 'Reload the list of sessions.'],
  session_of_one_environment: [
    'You signed in through an identity provider, to one environment.',
    'Sign in with a password or a passkey for what lies outside it.',
  ],
  setup_link_unknown: [
    'The setup link was used, or was not copied whole.',
    'Make an invitation on the server: `npm run rollcall -- invite-member`.',
  ],
  sign_in_required: ['You have an account with a second factor.', 'Sign in, then open the invitation again.'],
  single_sign_on_not_found: ['The environment has no single sign-on.', 'Sign in with a password or a passkey.'],
  single_sign_on_refused: [
    'The identity provider’s answer was not accepted.',
    'The message says why. Compare issuer, client and redirect address on both sides.',
  ],
  single_sign_on_required: ['The environment asks for single sign-on.', 'Sign in with your identity provider.'],
  too_many_environments: ['You have as many environments as you can have.', 'Use one of them.'],
  too_many_members: [
    'The environment has as many members and invitations as it can have.',
    'Remove one that is no longer needed.',
  ],
  too_many_passkeys: ['You have as many passkeys as you can have.', 'Remove one that you no longer use.'],
  weak_password: ['The password is too short or too common.', 'Choose one of at least twelve characters.'],
};
