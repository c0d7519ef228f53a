import type { AuditEntry, Directory, HandOver } from '@rollcall/database';
import { publicId } from '@rollcall/platform';

/** What an entry of the audit log is about that tells of a hand-over: the link itself, by the name of its directory. */
export function aboutHandOver(
  { id, organizationId }: Pick<HandOver, 'id' | 'organizationId'>,
  { name }: Pick<Directory, 'name'>,
): Pick<AuditEntry, 'target' | 'organizationId'> {
  return { target: { type: 'hand_over', id: publicId('hov', id), name }, organizationId };
}
