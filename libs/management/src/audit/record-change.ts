import type { DataSource, EntityManager } from 'typeorm';
import { OPERATOR, tenantTransaction, writeAuditEntries } from '@rollcall/database';
import type { AuditEntry, Author, TransactionSettings } from '@rollcall/database';

/** What a use case that writes is called with: whoever can only read has no author. */
export interface Writer {
  dataSource: DataSource;
  author: Author;
  /**
   * What the author's right to change something depends on, read and locked first in the transaction of each change; throws
   * AppError when it is gone. Absent: the right was found out before, and what is under way when it ends is still done.
   */
  admit?: (manager: EntityManager) => Promise<void>;
  /** The audit log of another database tells of the changes. */
  isRecordedElsewhere?: true;
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
 * Runs a change as one transaction of the tenant and writes its entries of the audit log in it, unless another database has them: neither
 * is there without the other. Returns the answer of the change and throws what it throws, or what refuses the author.
 */
export async function recordChange<Answer>(
  { dataSource, author, admit, isRecordedElsewhere }: Writer,
  tenant: TransactionSettings,
  change: (manager: EntityManager) => Promise<Recorded<Answer>>,
): Promise<Answer> {
  return tenantTransaction(dataSource, tenant, async (manager) => {
    await admit?.(manager);
    const { answer, entries } = await change(manager);
    if (!isRecordedElsewhere) await writeAuditEntries(manager, tenant.environmentId, author, entries);
    return answer;
  });
}
