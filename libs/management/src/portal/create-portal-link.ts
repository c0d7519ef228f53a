import type { EntityManager } from 'typeorm';
import { PORTAL_EMBED_PARAMETER } from '@rollcall/contract';
import { PortalLink, runStatement } from '@rollcall/database';
import type { AuditEntry } from '@rollcall/database';
import { hashOpaqueToken, newId, newOpaqueToken, publicId } from '@rollcall/platform';
import { findChanges } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import type { OrganizationScope } from '../directories/find-directory';
import { writeMail } from '../mail/write-mail';
import type { MailTools } from '../mail/write-mail';
import { requireOrganization } from '../organizations/find-organization';
import { readPortalSettings } from '../portal-settings/find-portal-settings';
import type { PortalSettingsView } from '../portal-settings/find-portal-settings';
import { composeLinkMail } from './compose-link-mail';

export interface NewPortalLink {
  features: string[];
  /** Seconds. */
  expiresIn: number;
  /** Where the portal is. */
  publicUrl: string;
  /** To whom it is mailed; it then opens only with a code that is sent there when it is opened. */
  mailTo?: { address: string; tools: MailTools };
}

/** A link with its address, which is known to nobody else. */
export interface LinkWithLocation {
  link: PortalLink;
  location: string;
}

/**
 * Makes a link to the Admin Portal, and mails it if told so. Throws AppError `organization_not_found`, and as `writeMail` for one that is
 * mailed.
 */
export async function createPortalLink(
  writer: Writer,
  scope: OrganizationScope,
  { features, expiresIn, publicUrl, mailTo }: NewPortalLink,
): Promise<LinkWithLocation> {
  const { environmentId, organizationId } = scope;
  const [id, token] = [newId(), newOpaqueToken()];
  return recordChange(writer, { environmentId }, async (manager) => {
    const organization = await requireOrganization(manager, scope);
    for (const table of ['portal_links', 'portal_sessions'] as const)
      await removeLongOver(manager, environmentId, table);
    await runStatement(
      manager,
      `INSERT INTO portal_links (environment_id, id, organization_id, token_hash, features, email, expire_time)
       VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))`,
      [environmentId, id, organizationId, hashOpaqueToken(token), features, mailTo?.address ?? null, expiresIn],
    );
    const link = await manager.findOneByOrFail(PortalLink, { environmentId, id });
    const settings = await readPortalSettings(manager, environmentId);
    const location = locationOf(publicUrl, { environmentId, token, settings });
    if (mailTo) {
      const { address: to, tools } = mailTo;
      const text = composeLinkMail({ organization, settings, location, expireTime: link.expireTime });
      const mail = { environmentId, organizationId, kind: 'portal_link' as const, to, text, brings: id, expiresIn };
      await writeMail(manager, tools, mail);
    }
    return { answer: { link, location }, entries: entriesOf(link, organization.displayName) };
  });
}

function entriesOf(link: PortalLink, name: string): AuditEntry[] {
  const { id, organizationId, features, email } = link;
  const target = { type: 'portal_link' as const, id: publicId('lnk', id), name };
  const changes = findChanges({}, { features, expire_time: link.expireTime.toISOString() });
  const created: AuditEntry = { action: 'portal_link.created', target, organizationId, changes };
  if (email === null) return [created];
  return [created, { action: 'portal_link.sent', target, organizationId, changes: findChanges({}, { email }) }];
}

/**
 * Where a link leads. The token stands in the fragment, which no server sees. The environment is named where pages may frame the portal,
 * because the server has to say so with the page, before the link is opened.
 */
function locationOf(
  publicUrl: string,
  { environmentId, token, settings }: { environmentId: string; token: string; settings: PortalSettingsView },
): string {
  const hint = settings.allowedOrigins.length > 0 ? `?${PORTAL_EMBED_PARAMETER}=${publicId('env', environmentId)}` : '';
  return `${publicUrl}/portal/open${hint}#${token}`;
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
