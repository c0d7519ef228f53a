import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';

/**
 * Locks a member's row until the transaction ends, so that of two changes of what is the member's own the second sees the first. What
 * refers to the member is written meanwhile (NO KEY). In a transaction that sees the member's own rows.
 */
export async function lockMember(manager: EntityManager, memberId: string): Promise<void> {
  await runStatement(manager, 'SELECT 1 FROM members WHERE id = $1 FOR NO KEY UPDATE', [memberId]);
}
