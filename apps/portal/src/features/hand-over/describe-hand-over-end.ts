import { t } from '@lingui/core/macro';
import type { PortalErrorCode } from '@rollcall/contract';
import { PortalError } from '../../shared/api/portal-error';
import type { ErrorDescription } from '../../shared/api/surface';
import { lookUp } from '../../shared/format/look-up';

/** Made when it is asked for: the reader's language is not known from the start. */
const ENDS = {
  link_used: () => ({
    title: t`The token of this link was shown already`,
    advice: t`Only the page that showed it goes on. If that was not you, or the answer did not reach you, tell the person who sent the link: they can revoke the token and send another link.`,
  }),
  link_expired: () => ({
    title: t`This link has expired`,
    advice: t`Ask the person who sent it for another one. A token that it has shown keeps working.`,
  }),
  link_unknown: () => ({
    title: t`This link is not valid`,
    advice: t`It was withdrawn, its directory is gone, or it was cut when it was copied. Copy the whole link and open it again. If that does not help, ask the person who sent it for another one.`,
  }),
} satisfies Partial<Record<PortalErrorCode, () => ErrorDescription>>;

/** Why a hand-over shows nothing any more, however often it is asked, and what to do now; null: the error does not say so. */
export function describeHandOverEnd(error: unknown): ErrorDescription | null {
  if (!(error instanceof PortalError)) return null;
  return lookUp(ENDS, error.code)?.() ?? null;
}
