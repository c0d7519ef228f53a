import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import { useMutation } from '@tanstack/react-query';
import { PortalError } from '../../shared/api/portal-error';
import { callDashboard, type DashboardSession } from '../../shared/dashboard-api/dashboard-api';

/** Whether this browser can use passkeys, which it does on https and on localhost only. */
export function hasPasskeys(): boolean {
  return window.isSecureContext && typeof PublicKeyCredential === 'function';
}

/** Signs in with a passkey, as the second factor of a sign-in that was begun (`token`) or by itself. */
export function usePasskeySignIn(onSignedIn: () => void) {
  return useMutation({
    mutationFn: async (token: string | undefined): Promise<DashboardSession> => {
      const begun = token === undefined ? {} : { token };
      const { startAuthentication } = await import('@simplewebauthn/browser');
      const optionsJSON = await callDashboard<PublicKeyCredentialRequestOptionsJSON>(
        'POST',
        '/sign_in/passkey:options',
        { body: begun },
      );
      const response = await startAuthentication({ optionsJSON }).catch((error: unknown) => {
        throw toPasskeyError(error);
      });
      return callDashboard('POST', '/sign_in/passkey', { body: { ...begun, response } });
    },
    onSuccess: onSignedIn,
  });
}

/** What the browser or the reader did not go through with. */
function toPasskeyError(error: unknown): PortalError {
  const cause = error instanceof Error ? error.name : '';
  return new PortalError(
    400,
    'passkey_not_used',
    `No passkey was used${cause === 'NotAllowedError' ? '' : ` (${cause})`}`,
  );
}
