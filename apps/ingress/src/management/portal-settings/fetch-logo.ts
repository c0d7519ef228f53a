import { EgressError } from '@rollcall/egress';
import type { EgressClient } from '@rollcall/egress';
import type { Logo } from '@rollcall/management';
import { AppError } from '@rollcall/platform';
import { describeBytes } from '../../http/body-limits';
import { readLogoType } from './read-logo-type';

const MAX_BYTES = 200 * 1024;
const DEADLINE_MS = 8_000;

/**
 * Fetches a logo through the guard, once: the portal shows the copy, so that no visitor's browser is sent to the owner's server.
 * Throws AppError 422 `logo_refused`, which says why.
 */
export async function fetchLogo(egress: Pick<EgressClient, 'get'>, url: string): Promise<Logo> {
  const { status, content } = await egress
    .get({ url, maxBytes: MAX_BYTES, accept: 'image/png, image/jpeg, image/webp', deadlineMs: DEADLINE_MS })
    .catch((error: unknown) => {
      throw error instanceof EgressError ? refused(error.message, { reason: error.reason }) : error;
    });
  if (status >= 300 && status < 400) throw refused('The address leads to another one: give that one.');
  if (status !== 200) throw refused(`Its server answered with status ${status}.`);
  if (content === null) throw refused(`It is larger than ${describeBytes(MAX_BYTES)}.`);
  const mediaType = readLogoType(content);
  if (mediaType === null) throw refused('It is no PNG, JPEG or WebP picture.');
  return { mediaType, content };
}

function refused(why: string, details: Record<string, unknown> = {}): AppError {
  return new AppError({
    kind: 'refused',
    code: 'logo_refused',
    message: `The logo was not taken over. ${why}`,
    details: { ...details, fields: [{ field: 'logo_url', problem: why }] },
  });
}
