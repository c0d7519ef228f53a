import type { DataSource } from 'typeorm';
import type { PortalErrorCode } from '@rollcall/contract';
import { Organization, PortalSession, tenantTransaction } from '@rollcall/database';
import { AppError } from '@rollcall/platform';
import type { PortalSessionView } from './open-portal-session';

type SessionRefusal = Extract<
  PortalErrorCode,
  'organization_deleted' | 'session_ended' | 'session_expired' | 'session_missing' | 'session_revoked'
>;

const MESSAGES: Record<SessionRefusal, string> = {
  organization_deleted: 'The organization of this portal session has been deleted.',
  session_ended: 'The portal session was ended. Open the portal with a new link.',
  session_expired: 'The portal session has expired. Open the portal with a new link.',
  session_missing: 'There is no portal session. Open the portal with a new link.',
  session_revoked: 'The link of this portal session was revoked. Ask for a new one.',
};

/** A session as it is stored, and why it is over; null while it is open. */
interface StoredSession {
  session: PortalSessionView;
  over: SessionRefusal | null;
}

/**
 * The open session of a token's hash; null stands for a browser without one. Throws AppError 401, whose code says why there is none:
 * `organization_deleted`, `session_revoked`, `session_ended`, `session_expired`, `session_missing`.
 */
export async function requirePortalSession(
  dataSource: DataSource,
  tokenHash: string | null,
  now: Date,
): Promise<PortalSessionView> {
  const stored = tokenHash === null ? null : await readSession(dataSource, tokenHash, now);
  if (stored?.over === null) return stored.session;
  throw refusal(stored?.over ?? 'session_missing');
}

/** Throws as `requirePortalSession` for a session that a transaction has read; null stands for one that is gone. */
export function refuseOver(session: PortalSession | null, organization: Organization, now: Date): void {
  const over = session === null ? 'session_missing' : whyOver(session, organization, now);
  if (over !== null) throw refusal(over);
}

function refusal(code: SessionRefusal): AppError {
  return new AppError({ kind: 'unauthenticated', code, message: MESSAGES[code] });
}

/** The open session of a token's hash; null when there is none, for whatever reason. */
export async function findPortalSession(
  dataSource: DataSource,
  tokenHash: string,
  now: Date,
): Promise<PortalSessionView | null> {
  const stored = await readSession(dataSource, tokenHash, now);
  return stored?.over === null ? stored.session : null;
}

async function readSession(dataSource: DataSource, tokenHash: string, now: Date): Promise<StoredSession | null> {
  const [found] = await dataSource.query<{ environment_id: string; id: string }[]>(
    'SELECT environment_id, id FROM find_portal_session($1)',
    [tokenHash],
  );
  if (!found) return null;
  const { environment_id: environmentId, id } = found;
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const session = await manager.findOneBy(PortalSession, { environmentId, id });
    if (!session) return null;
    const key = { environmentId, id: session.organizationId };
    const organization = await manager.findOneByOrFail(Organization, key);
    const { features, expireTime } = session;
    return {
      session: { id, environmentId, organization, features, expireTime },
      over: whyOver(session, organization, now),
    };
  });
}

/** Whoever has the cookie of a deleted organization learns that it was deleted, and nothing else. */
function whyOver(
  { endReason, expireTime }: PortalSession,
  organization: Organization,
  now: Date,
): SessionRefusal | null {
  if (organization.deletedTime !== null) return 'organization_deleted';
  if (endReason === 'link_revoked') return 'session_revoked';
  if (endReason === 'left') return 'session_ended';
  return expireTime <= now ? 'session_expired' : null;
}
