import { PortalSession } from '@rollcall/database';
import type { Organization } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';

/** Ends a session; no process accepts its cookie from the commit on. */
export async function endPortalSession(
  writer: Writer,
  { environmentId, id, organization }: { environmentId: string; id: string; organization: Organization },
): Promise<void> {
  await recordChange(writer, { environmentId }, async (manager) => {
    await manager.delete(PortalSession, { environmentId, id });
    const target = { type: 'portal_session' as const, id: publicId('ses', id), name: organization.displayName };
    const organizationId = organization.id;
    return { answer: undefined, entries: [{ action: 'portal_session.ended', target, organizationId }] };
  });
}
