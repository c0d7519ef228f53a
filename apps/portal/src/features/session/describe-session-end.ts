import type { PortalSession } from '@rollcall/sdk';
import type { ErrorDescription } from '../../shared/api/describe-error';
import { supportHint, theApp, theVendor } from '../../shared/branding/app-name';

const newLink = (): string =>
  `To go on, open the portal again from ${theApp()}, or ask its vendor${supportHint()} for a new link.`;

/**
 * Why there is no session any more, by the server's code and by the session that the page had last, if it had one: the browser forgets
 * a cookie that has run out or was ended in another tab, and the server then sees none.
 */
export function describeSessionEnd(code: string, last: PortalSession | undefined, now: Date): ErrorDescription {
  switch (code) {
    case 'organization_deleted':
      return {
        title: `Your organization was deleted from ${theApp()}`,
        advice: `Its vendor has deleted it, and with it its directories and their tokens: your identity provider is refused from now on. Ask the vendor${supportHint()} if you did not expect that.`,
      };
    case 'session_revoked':
      return {
        title: 'Your access to the portal was withdrawn',
        advice: `${upperFirst(theVendor())} has withdrawn the link with which you opened it. ${describeKept(last)} If you still need the portal, ask the vendor${supportHint()} for a new link.`,
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
  return isOn ? 'Everything you set up is saved and keeps working.' : 'Everything you set up is saved.';
}

function neverOpen(): ErrorDescription {
  return {
    title: 'Open the portal with a link',
    advice:
      'This page needs a personal link, and nothing is open in this browser right now. Open the portal from the app you are setting up, or ask its vendor to send you a link.',
  };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function expired(last: PortalSession | undefined): ErrorDescription {
  return {
    title: 'Your session has ended',
    advice: `For security, a session in this portal lasts six hours. ${describeKept(last)} ${newLink()}`,
  };
}

function closed(last: PortalSession | undefined): ErrorDescription {
  return {
    title: 'The portal was closed in this browser',
    advice: `It was left, in this tab or in another one, or this browser’s cookies were deleted. ${describeKept(last)} ${newLink()}`,
  };
}
