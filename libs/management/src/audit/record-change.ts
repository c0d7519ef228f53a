import type { DataSource, EntityManager } from 'typeorm';
import { OPERATOR, tenantTransaction, writeAuditEntries } from '@rollcall/database';
import type { AuditEntry, Author, Tenant } from '@rollcall/database';

/** What a use case that writes is called with: whoever can only read has no author. */
export interface Writer {
  dataSource: DataSource;
  author: Author;
}

/** Whoever runs a command on the server. */
export function asOperator(dataSource: DataSource): Writer {
  return { dataSource, author: OPERATOR };
}

/** What a change answers, and what the audit log says of it; nothing when nothing changed. */
export interface Recorded<Answer> {
  answer: Answer;
  entries: readonly AuditEntry[];
}

/**
 * Runs a change as one transaction of the tenant and writes its entries of the audit log in it: neither is there without the
 * other. Returns the answer of the change and throws what it throws.
 */
export async function recordChange<Answer>(
  { dataSource, author }: Writer,
  tenant: Tenant & { environmentId: string },
  change: (manager: EntityManager) => Promise<Recorded<Answer>>,
): Promise<Answer> {
  return tenantTransaction(dataSource, tenant, async (manager) => {
    const { answer, entries } = await change(manager);
    await writeAuditEntries(manager, tenant.environmentId, author, entries);
    return answer;
  });
}
