import type { ErrorDescription } from '../../shared/api/describe-error';
import { PortalError } from '../../shared/api/portal-error';

const ASK = 'Ask the person who sent it, or the vendor of the app, for a new one.';

const FAILURES: Record<string, ErrorDescription> = {
  link_used: {
    title: 'This link has already been used',
    advice: `A link opens the portal once, so that nobody else can use it after you. ${ASK}`,
  },
  link_expired: {
    title: 'This link has expired',
    advice: `Links are valid for a short time only. ${ASK}`,
  },
  link_unknown: {
    title: 'This link is not valid',
    advice: `It may have been withdrawn, or it was cut when it was copied. Copy the whole link and open it again. If that does not help: ${ASK.charAt(0).toLowerCase()}${ASK.slice(1)}`,
  },
  link_incomplete: {
    title: 'This link is incomplete',
    advice: `The part after the # sign is missing. Copy the whole link and open it again. If that does not help: ${ASK.charAt(0).toLowerCase()}${ASK.slice(1)}`,
  },
  outcome_unknown: {
    title: 'No answer arrived',
    advice: `Check your connection, then try again. If the link then counts as used, this try has used it up: ${ASK.charAt(0).toLowerCase()}${ASK.slice(1)}`,
  },
};

/** Why a portal link does not open and what to do now; null when the reason is not the link. */
export function describeLinkFailure(error: unknown): ErrorDescription | null {
  return error instanceof PortalError ? (FAILURES[error.code] ?? null) : null;
}
