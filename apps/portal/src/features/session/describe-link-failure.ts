import { t } from '@lingui/core/macro';
import type { ErrorDescription } from '../../shared/api/describe-error';
import { PortalError } from '../../shared/api/portal-error';
import { theVendor } from '../../shared/branding/app-name';

/** Whether a link asks for a code, or for another one than was typed. */
export function isCodeError(error: unknown): boolean {
  return error instanceof PortalError && CODE_ERRORS.has(error.code);
}

const CODE_ERRORS = new Set(['code_required', 'code_wrong', 'code_expired']);

/** Why a portal link does not open and what to do now; null when the reason is not the link. */
export function describeLinkFailure(error: unknown): ErrorDescription | null {
  if (!(error instanceof PortalError)) return null;
  const vendor = theVendor();
  switch (error.code) {
    case 'link_used':
      return {
        title: t`This link has already been used`,
        advice: t`A link opens the portal once, so that nobody else can use it after you. Ask the person who sent it, or ${vendor}, for a new one.`,
      };
    case 'link_expired':
      return {
        title: t`This link has expired`,
        advice: t`Links are valid for a short time only. Ask the person who sent it, or ${vendor}, for a new one.`,
      };
    case 'link_unknown':
      return {
        title: t`This link is not valid`,
        advice: t`It may have been withdrawn, or it was cut when it was copied. Copy the whole link and open it again. If that does not help: ask the person who sent it, or ${vendor}, for a new one.`,
      };
    case 'link_incomplete':
      return {
        title: t`This link is incomplete`,
        advice: t`The part after the # sign is missing. Copy the whole link and open it again. If that does not help: ask the person who sent it, or ${vendor}, for a new one.`,
      };
    case 'outcome_unknown':
      return {
        title: t`No answer arrived`,
        advice: t`Check your connection, then try again. If the link then counts as used, this try has used it up: ask the person who sent it, or ${vendor}, for a new one.`,
      };
    default:
      return null;
  }
}
