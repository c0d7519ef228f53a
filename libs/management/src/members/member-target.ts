import type { Actor, AuditEntry } from '@rollcall/database';
import { publicId } from '@rollcall/platform';

/** What the audit log calls a member by. */
export interface NamedMember {
  /** Bare. */
  id: string;
  name: string;
}

/** A member as the one who does something. */
export function memberActor({ id, name }: NamedMember): Actor {
  return { type: 'member', id: publicId('mem', id), name };
}

/** A member as the one to whom something is done; it concerns no single organization. */
export function aboutMember({ id, name }: NamedMember): Pick<AuditEntry, 'target' | 'organizationId'> {
  return { target: { type: 'member', id: publicId('mem', id), name }, organizationId: null };
}
