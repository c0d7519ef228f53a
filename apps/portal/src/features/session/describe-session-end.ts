import type { PortalSession } from '@rollcall/sdk';
import type { ErrorDescription } from '../../shared/api/describe-error';

const NEW_LINK = 'To go on, open the portal again from the app, or ask its vendor for a new link.';

/**
 * Why there is no session any more, by the server's code and by the session that the page had last, if it had one: the browser forgets
 * a cookie that has run out or was ended in another tab, and the server then sees none.
 */
export function describeSessionEnd(code: string, last: PortalSession | undefined, now: Date): ErrorDescription {
  switch (code) {
    case 'organization_deleted':
      return {
        title: 'Your organization was deleted from the app',
        advice:
          'Its vendor has deleted it, and with it its directories and their tokens: your identity provider is refused from now on. Ask the vendor if you did not expect that.',
      };
    case 'session_revoked':
      return {
        title: 'Your access to the portal was withdrawn',
        advice: `The vendor of the app has withdrawn the link with which you opened it. ${describeKept(last)} If you still need the portal, ask the vendor for a new link.`,
      };
    case 'session_expired':
      return expired(last);
    case 'session_ended':
      return closed(last);
    default:
      if (!last) return NEVER_OPEN;
      return Date.parse(last.session.expire_time) <= now.getTime() ? expired(last) : closed(last);
  }
}

/** What has become of the reader's work when a session is over. */
export function describeKept(last: PortalSession | undefined): string {
  const isOn = last?.features.some(({ name, enabled }) => name === 'dir_sync' && enabled);
  return isOn ? 'Everything you set up is saved and keeps working.' : 'Everything you set up is saved.';
}

const NEVER_OPEN: ErrorDescription = {
  title: 'Open the portal with a link',
  advice:
    'This page needs a personal link, and nothing is open in this browser right now. Open the portal from the app you are setting up, or ask its vendor to send you a link.',
};

function expired(last: PortalSession | undefined): ErrorDescription {
  return {
    title: 'Your session has ended',
    advice: `For security, a session in this portal lasts six hours. ${describeKept(last)} ${NEW_LINK}`,
  };
}

function closed(last: PortalSession | undefined): ErrorDescription {
  return {
    title: 'The portal was closed in this browser',
    advice: `It was left, in this tab or in another one, or this browser’s cookies were deleted. ${describeKept(last)} ${NEW_LINK}`,
  };
}
