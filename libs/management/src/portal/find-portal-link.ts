import type { DataSource } from 'typeorm';
import type { PortalLink } from '@rollcall/database';
import { AppError } from '@rollcall/platform';

/** Whose the link of a token's hash is. Throws AppError 404 `link_unknown`. */
export async function findPortalLink(
  dataSource: DataSource,
  tokenHash: string,
): Promise<{ environmentId: string; id: string }> {
  const [link] = await dataSource.query<{ environment_id: string; id: string }[]>(
    'SELECT environment_id, id FROM find_portal_link($1)',
    [tokenHash],
  );
  if (!link) throw linkUnknown();
  return { environmentId: link.environment_id, id: link.id };
}

/** Throws AppError 404 `link_unknown` for a link that was revoked, 410 `link_used` and `link_expired`. */
export function refuseOverLink(
  { consumedTime, revokedTime, expireTime }: Pick<PortalLink, 'consumedTime' | 'revokedTime' | 'expireTime'>,
  now: Date,
): void {
  if (revokedTime !== null) throw linkUnknown();
  if (consumedTime !== null) throw linkUsed();
  if (expireTime > now) return;
  throw new AppError({ kind: 'gone', code: 'link_expired', message: 'This link has expired. Ask for a new one.' });
}

/** Also for one that was revoked: who has it learns no more than that it does not open. */
export function linkUnknown(): AppError {
  return new AppError({
    kind: 'not_found',
    code: 'link_unknown',
    message: 'This link is not known here. Check that it was copied whole, or ask for a new one.',
  });
}

export function linkUsed(): AppError {
  return new AppError({
    kind: 'gone',
    code: 'link_used',
    message: 'This link has been used already. Ask for a new one.',
  });
}
