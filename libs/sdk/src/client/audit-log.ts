import type { AuditEntry, AuditLogQuery } from '../api-types';
import type { Connection } from './connection';

/** Entries, newest first. */
export interface AuditLogPage {
  entries: AuditEntry[];
  /** '' at the end. */
  next_page_token: string;
}

/** Who did what, kept for 400 days unless the server is told otherwise. */
export function auditLogCalls(connection: Connection) {
  /** One page: the first without a token. */
  function readPage(query: AuditLogQuery & { page_token?: string } = {}): Promise<AuditLogPage> {
    return connection.json({ path: '/audit_log', query: { page_size: 100, ...query } });
  }

  /** Every entry, newest first, page after page as the loop gets there. */
  async function* list(query: AuditLogQuery = {}): AsyncGenerator<AuditEntry, void, undefined> {
    let page = await readPage(query);
    yield* page.entries;
    while (page.next_page_token !== '') {
      page = await readPage({ ...query, page_token: page.next_page_token });
      yield* page.entries;
    }
  }

  return { readPage, list };
}

/** What `auditLogCalls` answers. */
export type AuditLogCalls = ReturnType<typeof auditLogCalls>;
