import type { DataSource, EntityManager } from 'typeorm';
import { AppError, publicId } from '@rollcall/platform';
import type { SecretHasher } from '@rollcall/platform';
import { PortalLink, runStatement, tenantTransaction, writeAuditEntries } from '@rollcall/database';
import type { Author, Organization } from '@rollcall/database';
import { requireOrganization } from '../organizations/find-organization';
import { findChanges } from '../audit/find-changes';
import { endPortalSession } from './end-portal-session';
import { findPortalLink, linkUnknown, refuseOverLink } from './find-portal-link';
import { checkPortalCode } from './portal-code';
import { portalSessionActor } from './portal-session-actor';

/** A portal session and the organization it is for. */
export interface PortalSessionView {
  id: string;
  environmentId: string;
  organization: Organization;
  features: string[];
  expireTime: Date;
}

export interface NewPortalSession {
  id: string;
  /** The session that the browser has already, which the new one replaces. */
  present: PortalSessionView | null;
  /** Whether it may be replaced by one of another organization. */
  mayReplace: boolean;
  /** What is stored in place of the session's token. */
  tokenHash: string;
  /** Seconds. */
  lifetimeSeconds: number;
  /** The code that a mailed link asks for. */
  code?: string;
  hasher: Pick<SecretHasher, 'hashGenerated'>;
  /** Where the request comes from; who it is, the link says. */
  origin: Omit<Author, 'actor'>;
}

/**
 * Consumes a portal link and opens its session, in one transaction: of two that come with the same link, one gets a session.
 * The present session ends then. Throws AppError 404 `link_unknown`, 410 `link_used`, 410 `link_expired`, 403 as `checkPortalCode` for
 * a mailed link, and 409 `session_of_another_organization`, which consumes nothing: the person has to be asked first.
 */
export async function openPortalSession(
  dataSource: DataSource,
  linkTokenHash: string,
  session: NewPortalSession,
): Promise<PortalSessionView> {
  const link = await findPortalLink(dataSource, linkTokenHash);
  const { environmentId } = link;
  await checkPortalCode(dataSource, session.hasher, link, { code: session.code, origin: session.origin });
  const opened = await tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const { organizationId, features, email } = await consumeLink(manager, environmentId, link.id);
    const organization = await requireOrganization(manager, { environmentId, organizationId });
    if (session.present && !session.mayReplace) refuseAnotherOrganization(session.present.organization, organization);
    const { rows } = await runStatement<{ expire_time: Date }>(
      manager,
      `INSERT INTO portal_sessions (environment_id, id, organization_id, link_id, token_hash, features, expire_time)
       VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7)) RETURNING expire_time`,
      [environmentId, session.id, organizationId, link.id, session.tokenHash, features, session.lifetimeSeconds],
    );
    const actor = portalSessionActor({ id: session.id, organization });
    const target = { type: 'portal_link' as const, id: publicId('lnk', link.id), name: organization.displayName };
    await writeAuditEntries(manager, environmentId, { actor, ...session.origin }, [
      { action: 'portal_link.opened', target, organizationId, changes: findChanges({}, { email }) },
    ]);
    return {
      id: session.id,
      environmentId,
      organization,
      features,
      expireTime: rows[0]?.expire_time ?? new Date(),
    };
  });
  // It may be of another environment, so it ends in a transaction of its own.
  if (session.present) {
    const author = { actor: portalSessionActor(session.present), ...session.origin };
    await endPortalSession({ dataSource, author }, session.present);
  }
  return opened;
}

/** An administrator of one organization must not come into another's portal without noticing. */
function refuseAnotherOrganization(present: Organization, next: Organization): void {
  if (present.id === next.id) return;
  throw new AppError({
    kind: 'conflict',
    code: 'session_of_another_organization',
    message:
      'This browser has a portal session of another organization. Send "replace": true to end it and open this one.',
    details: { present: present.displayName, next: next.displayName },
  });
}

async function consumeLink(
  manager: EntityManager,
  environmentId: string,
  linkId: string,
): Promise<{ organizationId: string; features: string[]; email: string | null }> {
  const { rows } = await runStatement<{ organization_id: string; features: string[]; email: string | null }>(
    manager,
    `UPDATE portal_links SET consumed_time = now() WHERE environment_id = $1 AND id = $2
       AND consumed_time IS NULL AND revoked_time IS NULL AND expire_time > now()
     RETURNING organization_id, features, email`,
    [environmentId, linkId],
  );
  const [link] = rows;
  if (link) return { organizationId: link.organization_id, features: link.features, email: link.email };
  throw await explainRefusal(manager, environmentId, linkId);
}

async function explainRefusal(manager: EntityManager, environmentId: string, id: string): Promise<AppError> {
  const link = await manager.findOneBy(PortalLink, { environmentId, id });
  try {
    // Whatever the statement did not take as live is over.
    if (link) refuseOverLink(link, link.expireTime);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  return linkUnknown();
}
