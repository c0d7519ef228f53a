import { IsNull } from 'typeorm';
import { PortalSession } from '@rollcall/database';
import type { Organization } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { LONG_EXPIRED } from './long-expired';

/** Ends a session; no process accepts its cookie from the commit on. One that was ended already stays as it is. */
export async function endPortalSession(
  writer: Writer,
  { environmentId, id, organization }: { environmentId: string; id: string; organization: Organization },
): Promise<void> {
  await recordChange(writer, { environmentId }, async (manager) => {
    const { affected } = await manager.update(
      PortalSession,
      { environmentId, id, endReason: IsNull() },
      { endReason: 'left', expireTime: () => `least(expire_time, ${LONG_EXPIRED})` },
    );
    if (affected === 0) return { answer: undefined, entries: [] };
    const target = { type: 'portal_session' as const, id: publicId('ses', id), name: organization.displayName };
    const organizationId = organization.id;
    return { answer: undefined, entries: [{ action: 'portal_session.ended', target, organizationId }] };
  });
}
