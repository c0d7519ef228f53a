import { ScimError } from '@rollcall/scim';
import type { NotAdmitted } from '@rollcall/scim-store';

/** What an administrator reads when a verified token may not act now. */
const REFUSALS: Record<NotAdmitted['state'], { status: number; detail: string }> = {
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

/** The refusal of a caller who is not admitted, as its client is told it: 401 or 403. */
export function explainNotAdmitted({ state }: NotAdmitted): ScimError {
  return new ScimError(REFUSALS[state].status, undefined, REFUSALS[state].detail);
}
