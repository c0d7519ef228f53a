import { t } from '@lingui/core/macro';
import type { PortalSession } from '@rollcall/sdk';
import type { ErrorDescription } from '../../shared/api/describe-error';
import { supportContact, theApp, theVendor } from '../../shared/branding/app-name';

/**
 * Why there is no session any more, by the server's code and by the session that the page had last, if it had one: the browser forgets
 * a cookie that has run out or was ended in another tab, and the server then sees none.
 */
export function describeSessionEnd(code: string, last: PortalSession | undefined, now: Date): ErrorDescription {
  switch (code) {
    case 'organization_deleted':
      return { title: t`Your organization was deleted from ${{ app: theApp() }}`, advice: adviseDeleted() };
    case 'session_revoked':
      return {
        title: t`Your access to the portal was withdrawn`,
        advice: t`The link with which you opened it was withdrawn by ${{ vendor: theVendor() }}. ${{ keptSentence: describeKept(last) }} ${{ nextSentence: adviseWithdrawn() }}`,
      };
    case 'session_expired':
      return expired(last);
    case 'session_ended':
      return closed(last);
    default:
      if (!last) return neverOpen();
      return Date.parse(last.session.expire_time) <= now.getTime() ? expired(last) : closed(last);
  }
}

/** What has become of the reader's work when a session is over. */
export function describeKept(last: PortalSession | undefined): string {
  const isOn = last?.features.some(({ name, enabled }) => name === 'dir_sync' && enabled);
  return isOn ? t`Everything you set up is saved and keeps working.` : t`Everything you set up is saved.`;
}

function neverOpen(): ErrorDescription {
  return {
    title: t`Open the portal with a link`,
    advice: t`This page needs a personal link, and nothing is open in this browser right now. Open the portal from the app you are setting up, or ask its vendor to send you a link.`,
  };
}

function expired(last: PortalSession | undefined): ErrorDescription {
  return {
    title: t`Your session has ended`,
    advice: t`For security, a session in this portal lasts six hours. ${{ keptSentence: describeKept(last) }} ${{ nextSentence: adviseReturn() }}`,
  };
}

function closed(last: PortalSession | undefined): ErrorDescription {
  return {
    title: t`The portal was closed in this browser`,
    advice: t`It was left, in this tab or in another one, or this browser’s cookies were deleted. ${{ keptSentence: describeKept(last) }} ${{ nextSentence: adviseReturn() }}`,
  };
}

function adviseDeleted(): string {
  const contact = supportContact();
  return contact === null
    ? t`Its vendor has deleted it, and with it its directories and their tokens: your identity provider is refused from now on. Ask the vendor if you did not expect that.`
    : t`Its vendor has deleted it, and with it its directories and their tokens: your identity provider is refused from now on. Ask the vendor (${contact}) if you did not expect that.`;
}

function adviseWithdrawn(): string {
  const contact = supportContact();
  return contact === null
    ? t`If you still need the portal, ask the vendor for a new link.`
    : t`If you still need the portal, ask the vendor (${contact}) for a new link.`;
}

function adviseReturn(): string {
  const contact = supportContact();
  const app = theApp();
  return contact === null
    ? t`To go on, open the portal again from ${app}, or ask its vendor for a new link.`
    : t`To go on, open the portal again from ${app}, or ask its vendor (${contact}) for a new link.`;
}
