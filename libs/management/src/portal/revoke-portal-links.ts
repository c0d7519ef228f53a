import { notFound, runStatement } from '@rollcall/database';
import type { AuditEntry } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import type { OrganizationScope } from '../directories/find-directory';
import { recallMailsThatBring } from '../mail/recall-mails';
import { requireOrganization } from '../organizations/find-organization';
import { LONG_EXPIRED } from './long-expired';

/**
 * Revokes one link of an organization, or all, ends the portal sessions that were opened with them, and sends none of them any more.
 * Throws AppError `organization_not_found`, and `link_not_found` for a single one that is not there.
 */
export async function revokePortalLinks(writer: Writer, scope: OrganizationScope, linkId?: string): Promise<void> {
  const { environmentId, organizationId } = scope;
  await recordChange(writer, { environmentId }, async (manager) => {
    const { displayName } = await requireOrganization(manager, scope);
    const { rows } = await runStatement<{ id: string }>(
      manager,
      `UPDATE portal_links SET revoked_time = now() WHERE environment_id = $1 AND organization_id = $2
         AND revoked_time IS NULL AND ($3::text IS NULL OR id = $3) RETURNING id`,
      [environmentId, organizationId, linkId ?? null],
    );
    if (linkId !== undefined && rows.length === 0) throw notFound('link');
    const ids = rows.map(({ id }) => id);
    await recallMailsThatBring(manager, environmentId, ids);
    await runStatement(
      manager,
      `UPDATE portal_sessions SET end_reason = 'link_revoked', expire_time = ${LONG_EXPIRED}
       WHERE environment_id = $1 AND organization_id = $2 AND ($3::text IS NULL OR link_id = $3)
         AND end_reason IS NULL AND expire_time > now()`,
      [environmentId, organizationId, linkId ?? null],
    );
    const entries = ids.map((id): AuditEntry => {
      const target = { type: 'portal_link' as const, id: publicId('lnk', id), name: displayName };
      return { action: 'portal_link.revoked', target, organizationId };
    });
    return { answer: undefined, entries };
  });
}
