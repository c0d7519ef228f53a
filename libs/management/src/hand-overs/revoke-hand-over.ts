import { IsNull } from 'typeorm';
import { HandOver, notFound } from '@rollcall/database';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { aboutHandOver } from './about-hand-over';

/**
 * Revokes a hand-over: from the answer on neither its link nor a page that it opened shows anything. The bearer token that it may have
 * shown is in use at the provider and keeps working. Throws AppError `directory_not_found`, `hand_over_not_found`.
 */
export async function revokeHandOver(writer: Writer, scope: DirectoryScope, handOverId: string): Promise<void> {
  const { environmentId, directoryId } = scope;
  await recordChange(writer, scope, async (manager) => {
    const directory = await requireDirectory(manager, scope);
    const key = { environmentId, directoryId, id: handOverId };
    const handOver = await manager.findOneBy(HandOver, key);
    if (!handOver) throw notFound('hand_over');
    const { affected } = await manager.update(
      HandOver,
      { ...key, revokedTime: IsNull() },
      { revokedTime: () => 'now()' },
    );
    if (affected === 0) return { answer: undefined, entries: [] };
    return { answer: undefined, entries: [{ action: 'hand_over.revoked', ...aboutHandOver(handOver, directory) }] };
  });
}
