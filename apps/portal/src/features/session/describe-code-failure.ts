import type { ErrorDescription } from '../../shared/api/describe-error';
import { PortalError } from '../../shared/api/portal-error';
import { theVendor } from '../../shared/branding/app-name';

/** Why a code does not open the portal, or none is sent, and what to do now; null when the reason is another one. */
export function describeCodeFailure(error: unknown): ErrorDescription | null {
  if (!(error instanceof PortalError)) return null;
  switch (error.code) {
    case 'code_wrong':
      return { title: 'This is not the code that was sent', advice: describeTries(error.details) };
    case 'code_expired':
      return { title: 'This code is not good any more', advice: 'Have another one sent, and type that.' };
    case 'code_too_soon':
      return {
        title: 'A code was sent a moment ago',
        advice: 'Look into the mailbox, also among the junk. Another one can be sent in a minute.',
      };
    case 'too_many_codes':
      return {
        title: 'No more codes are sent for this link',
        advice: `Ask the person who sent it, or ${theVendor()}, for a new link.`,
      };
    case 'too_many_mails':
      return { title: 'Too many mails were sent to this address', advice: 'Try again in an hour.' };
    default:
      return null;
  }
}

function describeTries(details: unknown): string {
  const left = (details as { tries_left?: unknown } | undefined)?.tries_left;
  if (typeof left !== 'number') return 'Type it again, as it stands in the newest mail.';
  return `Look at the newest mail. ${left === 1 ? 'One more try' : `${left} more tries`}, then another code has to be sent.`;
}
