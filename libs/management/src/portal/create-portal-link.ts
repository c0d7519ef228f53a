import type { EntityManager } from 'typeorm';
import { PortalLink, runStatement } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import { findChanges } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import type { OrganizationScope } from '../directories/find-directory';
import { requireOrganization } from '../organizations/find-organization';

export interface NewPortalLink {
  id: string;
  /** What is stored in place of the link's token. */
  tokenHash: string;
  features: string[];
  /** Seconds. */
  expiresIn: number;
}

/** Stores a link to the Admin Portal. Throws AppError `organization_not_found`. */
export async function createPortalLink(
  writer: Writer,
  scope: OrganizationScope,
  { id, tokenHash, features, expiresIn }: NewPortalLink,
): Promise<PortalLink> {
  const { environmentId, organizationId } = scope;
  return recordChange(writer, { environmentId }, async (manager) => {
    const { displayName } = await requireOrganization(manager, scope);
    for (const table of ['portal_links', 'portal_sessions'] as const)
      await removeLongOver(manager, environmentId, table);
    await runStatement(
      manager,
      `INSERT INTO portal_links (environment_id, id, organization_id, token_hash, features, expire_time)
       VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))`,
      [environmentId, id, organizationId, tokenHash, features, expiresIn],
    );
    const link = await manager.findOneByOrFail(PortalLink, { environmentId, id });
    const target = { type: 'portal_link' as const, id: publicId('lnk', id), name: displayName };
    const changes = findChanges({}, { features, expire_time: link.expireTime.toISOString() });
    return { answer: link, entries: [{ action: 'portal_link.created', target, organizationId, changes }] };
  });
}

/**
 * Links and sessions that were over a week ago, of any organization of the environment: they are of no use to an error message any
 * more. Each new link removes more than it adds, so none stays for long where links are made.
 */
async function removeLongOver(
  manager: EntityManager,
  environmentId: string,
  table: 'portal_links' | 'portal_sessions',
): Promise<void> {
  await runStatement(
    manager,
    `DELETE FROM ${table} WHERE environment_id = $1 AND id = ANY (ARRAY(
       SELECT o.id FROM ${table} o WHERE o.environment_id = $1 AND o.expire_time < now() - interval '7 days'
       ORDER BY o.expire_time LIMIT 100 FOR UPDATE SKIP LOCKED))`,
    [environmentId],
  );
}
