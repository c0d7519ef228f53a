import { plural, t } from '@lingui/core/macro';
import type { ErrorDescription } from '../../shared/api/describe-error';
import { PortalError } from '../../shared/api/portal-error';
import { theVendor } from '../../shared/branding/app-name';

/** Why a code does not open the portal, or none is sent, and what to do now; null when the reason is another one. */
export function describeCodeFailure(error: unknown): ErrorDescription | null {
  if (!(error instanceof PortalError)) return null;
  switch (error.code) {
    case 'code_wrong':
      return { title: t`This is not the code that was sent`, advice: describeTries(error.details) };
    case 'code_expired':
      return { title: t`This code is not good any more`, advice: t`Have another one sent, and type that.` };
    case 'code_too_soon':
      return {
        title: t`A code was sent a moment ago`,
        advice: t`Look into the mailbox, also among the junk. Another one can be sent in a minute.`,
      };
    case 'too_many_codes':
      return {
        title: t`No more codes are sent for this link`,
        advice: t`Ask the person who sent it, or ${{ vendor: theVendor() }}, for a new link.`,
      };
    case 'too_many_mails':
      return { title: t`Too many mails were sent to this address`, advice: t`Try again in an hour.` };
    default:
      return null;
  }
}

function describeTries(details: unknown): string {
  const left = (details as { tries_left?: unknown } | undefined)?.tries_left;
  if (typeof left !== 'number') return t`Type it again, as it stands in the newest mail.`;
  return plural(
    { tries: left },
    {
      one: 'Look at the newest mail. One more try, then another code has to be sent.',
      other: 'Look at the newest mail. # more tries, then another code has to be sent.',
    },
  );
}
