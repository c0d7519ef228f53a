import type { Actor, Organization } from '@rollcall/database';
import { publicId } from '@rollcall/platform';

/** A portal session as the audit log names it: by itself and by the organization it is for. */
export function portalSessionActor({ id, organization }: { id: string; organization: Organization }): Actor {
  return { type: 'portal_session', id: publicId('ses', id), name: organization.displayName };
}
