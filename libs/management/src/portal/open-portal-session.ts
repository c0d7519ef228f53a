import type { DataSource, EntityManager } from 'typeorm';
import { AppError, publicId } from '@rollcall/platform';
import { runStatement, tenantTransaction, writeAuditEntries } from '@rollcall/database';
import type { Author, Organization } from '@rollcall/database';
import { requireOrganization } from '../organizations/find-organization';
import { endPortalSession } from './end-portal-session';
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
  /** Where the request comes from; who it is, the link says. */
  origin: Omit<Author, 'actor'>;
}

/**
 * Consumes a portal link and opens its session, in one transaction: of two that come with the same link, one gets a session.
 * The present session ends then. Throws AppError 404 `link_unknown`, 410 `link_used`, 410 `link_expired`, and 409
 * `session_of_another_organization`, which consumes nothing: the person has to be asked first.
 */
export async function openPortalSession(
  dataSource: DataSource,
  linkTokenHash: string,
  session: NewPortalSession,
): Promise<PortalSessionView> {
  const [link] = await dataSource.query<{ environment_id: string; id: string }[]>(
    'SELECT environment_id, id FROM find_portal_link($1)',
    [linkTokenHash],
  );
  if (!link) throw linkUnknown();
  const opened = await tenantTransaction(dataSource, { environmentId: link.environment_id }, async (manager) => {
    const { organizationId, features } = await consumeLink(manager, link.environment_id, link.id);
    const organization = await requireOrganization(manager, { environmentId: link.environment_id, organizationId });
    if (session.present && !session.mayReplace) refuseAnotherOrganization(session.present.organization, organization);
    const { rows } = await runStatement<{ expire_time: Date }>(
      manager,
      `INSERT INTO portal_sessions (environment_id, id, organization_id, link_id, token_hash, features, expire_time)
       VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7)) RETURNING expire_time`,
      [link.environment_id, session.id, organizationId, link.id, session.tokenHash, features, session.lifetimeSeconds],
    );
    const actor = portalSessionActor({ id: session.id, organization });
    const target = { type: 'portal_link' as const, id: publicId('lnk', link.id), name: organization.displayName };
    await writeAuditEntries(manager, link.environment_id, { actor, ...session.origin }, [
      { action: 'portal_link.opened', target, organizationId },
    ]);
    return {
      id: session.id,
      environmentId: link.environment_id,
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
): Promise<{ organizationId: string; features: string[] }> {
  const { rows } = await runStatement<{ organization_id: string; features: string[] }>(
    manager,
    `UPDATE portal_links SET consumed_time = now() WHERE environment_id = $1 AND id = $2
       AND consumed_time IS NULL AND revoked_time IS NULL AND expire_time > now()
     RETURNING organization_id, features`,
    [environmentId, linkId],
  );
  const [link] = rows;
  if (link) return { organizationId: link.organization_id, features: link.features };
  throw await explainRefusal(manager, environmentId, linkId);
}

async function explainRefusal(manager: EntityManager, environmentId: string, linkId: string): Promise<AppError> {
  const { rows } = await runStatement<{ used: boolean; revoked: boolean }>(
    manager,
    `SELECT consumed_time IS NOT NULL AS used, revoked_time IS NOT NULL AS revoked
     FROM portal_links WHERE environment_id = $1 AND id = $2`,
    [environmentId, linkId],
  );
  const [link] = rows;
  if (!link || link.revoked) return linkUnknown();
  return link.used
    ? new AppError({ kind: 'gone', code: 'link_used', message: 'This link has been used already. Ask for a new one.' })
    : new AppError({ kind: 'gone', code: 'link_expired', message: 'This link has expired. Ask for a new one.' });
}

function linkUnknown(): AppError {
  return new AppError({
    kind: 'not_found',
    code: 'link_unknown',
    message: 'This link is not known here. Check that it was copied whole, or ask for a new one.',
  });
}
