import type { EntityManager } from 'typeorm';
import { enterTenant, ofMember, runStatement, tenantTransaction, writeAuditEntries } from '@rollcall/database';
import type { Recorded, Writer } from '../audit/record-change';

/**
 * Runs a change of what is a member's own as one transaction and writes its entries in the audit log of each environment in which
 * the member has a role. Returns the answer of the change and throws what it throws, or what refuses the author.
 * @param only the one environment that is to be told, for what was done in its name alone; bare
 */
export async function recordMemberChange<Answer>(
  { dataSource, author, admit }: Writer,
  memberId: string,
  change: (manager: EntityManager) => Promise<Recorded<Answer>>,
  only: string | null = null,
): Promise<Answer> {
  return tenantTransaction(dataSource, ofMember(memberId), async (manager) => {
    await admit?.(manager);
    const { answer, entries } = await change(manager);
    if (entries.length === 0) return answer;
    const { rows } = await runStatement<{ environment_id: string }>(
      manager,
      'SELECT environment_id FROM member_roles WHERE member_id = $1 ORDER BY environment_id',
      [memberId],
    );
    for (const { environment_id: environmentId } of rows) {
      if (only !== null && environmentId !== only) continue;
      await enterTenant(manager, { environmentId, memberId });
      await writeAuditEntries(manager, environmentId, author, entries);
    }
    return answer;
  });
}
