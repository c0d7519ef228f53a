import { ScimError } from '@rollcall/scim';
import type { Admission, CallerState, ScimCaller } from '@rollcall/scim-store';
import type { ScimContext } from '../scim-context';

/** What an administrator reads when a verified token may not act now. */
const REFUSALS: Record<Exclude<CallerState, 'ok'>, { status: number; detail: string }> = {
  unknown: { status: 401, detail: 'The token is not one of this directory. Generate a new one on the setup page.' },
  revoked: { status: 401, detail: 'The token was revoked. Generate a new one on the setup page and save it here.' },
  expired: { status: 401, detail: 'The token has expired. Generate a new one on the setup page and save it here.' },
  disabled: { status: 403, detail: 'This directory is disabled. Enable it to go on provisioning.' },
  feature_off: {
    status: 403,
    detail:
      'Directory Sync is switched off for this organization. Ask the provider of the application to switch it on.',
  },
};

/** Throws 401 or 403 unless the state read with an operation lets the caller act; records the use of its token. */
export function admit(
  { recordSecretUse }: Pick<ScimContext, 'recordSecretUse'>,
  caller: ScimCaller,
  { state, touch }: Admission,
): void {
  if (state !== 'ok') throw new ScimError(REFUSALS[state].status, undefined, REFUSALS[state].detail);
  if (touch) recordSecretUse(caller);
}
