import type { ApiErrorCode, PortalErrorCode } from '@rollcall/contract';
import { theVendor } from '../branding/app-name';
import { PortalError } from './portal-error';
import { readSurface, type ErrorDescription } from './surface';

export type { ErrorDescription } from './surface';

/** Advice that names somebody is made when it is given: who that is, is not known from the start. */
type KnownDescription = Omit<ErrorDescription, 'advice'> & { advice: string | (() => string) };

const KNOWN: Record<string, KnownDescription> = {
  network: {
    title: 'The server could not be reached',
    advice: 'Check your connection, then try again.',
  },
  timeout: {
    title: 'The server took too long to answer',
    advice: () => `Try again. If it keeps happening, tell ${theVendor()}.`,
  },
  outcome_unknown: {
    title: 'No answer arrived, so this may have been done or not',
    advice: 'What this page shows is read anew as soon as the server can be reached. Look there before you try again.',
  },
  feature_disabled: {
    title: 'Directory Sync is switched off for your organization',
    advice: () => `Ask ${theVendor()} to enable it. This page goes on by itself then.`,
  },
  too_many_secrets: {
    title: 'There are as many active tokens as there can be',
    advice: 'Revoke one that is no longer used, then try again.',
  },
  too_many_directories: {
    title: 'There are as many directories as there can be',
    advice: 'Delete one that is no longer used, then try again.',
  },
  secret_not_replaceable: {
    title: 'This token cannot be regenerated any more',
    advice:
      'It was regenerated or revoked meanwhile, perhaps by a try of yours whose answer was lost, or it has expired. Close this dialog and look at the list: if you do not have the newest token, revoke it and add another one.',
  },
  contact_exists: {
    title: 'This address is among the contacts already',
    advice: 'Change the one that is there, or give another address.',
  },
  too_many_contacts: {
    title: 'There are as many contacts as there can be',
    advice: 'Remove one that is no longer right, then try again.',
  },
  mapping_not_allowed: {
    title: 'The vendor of the app sets this',
    advice: 'Ask them for the change. Nothing was done.',
  },
  session_expired: {
    title: 'Your session has ended',
    advice: 'Open the portal again with a new link.',
  },
  session_ended: {
    title: 'Your session was closed',
    advice: 'Open the portal again with a new link.',
  },
  session_revoked: {
    title: 'Your access to the portal was withdrawn',
    advice: () => `Ask ${theVendor()} for a new link.`,
  },
  organization_deleted: {
    title: 'Your organization was deleted',
    advice: () => `Ask ${theVendor()} if you did not expect that.`,
  },
  session_missing: {
    title: 'You are not signed in to the portal',
    advice: () => `Open the portal with a link from ${theVendor()}.`,
  },
  session_of_another_organization: {
    title: 'This browser now has the portal of another organization open',
    advice: 'Nothing was changed. Reload the page to go on with that one.',
  },
} satisfies Partial<Record<ApiErrorCode | PortalErrorCode | BrowserErrorCode, KnownDescription>>;

/** What the browser itself finds out, and has words for here. */
type BrowserErrorCode = 'network' | 'timeout' | 'outcome_unknown';

const BY_STATUS: Record<number, KnownDescription> = {
  404: { title: 'Not found', advice: 'It may have been deleted meanwhile. Go back and reload the list.' },
  409: { title: 'This conflicts with a change made meanwhile', advice: 'Reload the page and try again.' },
  429: { title: 'Too many requests at once', advice: 'Wait a moment, then try again.' },
};

/** Describes any error thrown by a call: by its code, else by its status, else with the server's own message. */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof PortalError)) {
    return { title: 'Something went wrong on this page', advice: 'Reload the page and try again.' };
  }
  const known = readSurface().errors[error.code] ?? KNOWN[error.code] ?? BY_STATUS[error.status];
  if (known) return { title: known.title, advice: typeof known.advice === 'string' ? known.advice : known.advice() };
  if (error.status >= 500 || error.code === 'unreadable') {
    return { title: 'The server could not do this right now', advice: 'Try again in a moment.' };
  }
  return { title: error.message, advice: 'Correct it and try again.' };
}
