import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '@rollcall/platform';
import { tenantTransaction, runStatement } from '@rollcall/database';
import type { Organization } from '@rollcall/database';
import { requireOrganization } from '../organizations/find-organization';

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
  /** What is stored in place of the session's token. */
  tokenHash: string;
  /** Seconds. */
  lifetimeSeconds: number;
}

/**
 * Consumes a portal link and opens its session, in one transaction: of two that come with the same link, one gets a session.
 * Throws AppError 404 `link_unknown`, 410 `link_used`, 410 `link_expired`.
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
  return tenantTransaction(dataSource, { environmentId: link.environment_id }, async (manager) => {
    const { organizationId, features } = await consumeLink(manager, link.environment_id, link.id);
    const { rows } = await runStatement<{ expire_time: Date }>(
      manager,
      `INSERT INTO portal_sessions (environment_id, id, organization_id, link_id, token_hash, features, expire_time)
       VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7)) RETURNING expire_time`,
      [link.environment_id, session.id, organizationId, link.id, session.tokenHash, features, session.lifetimeSeconds],
    );
    return {
      id: session.id,
      environmentId: link.environment_id,
      organization: await requireOrganization(manager, { environmentId: link.environment_id, organizationId }),
      features,
      expireTime: rows[0]?.expire_time ?? new Date(),
    };
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
