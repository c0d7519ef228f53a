import { IsNull } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { ApiClient } from '@rollcall/database';
import type { AuditEntry } from '@rollcall/database';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { aboutApiClient, lockApiClient } from './find-api-client';
import type { ApiClientScope } from './find-api-client';

/**
 * Revokes an API client: from the commit on no process takes its secrets, API keys and access tokens. What was known of it goes
 * with it, so that whoever makes and revokes clients on and on fills nothing; the audit log keeps that it was there. Throws
 * AppError `api_client_not_found`.
 */
export async function revokeApiClient(writer: Writer, scope: ApiClientScope): Promise<void> {
  await recordChange(writer, { environmentId: scope.environmentId }, async (manager) => ({
    answer: undefined,
    entries: [await revoke(manager, await lockApiClient(manager, scope))],
  }));
}

/** Revokes the clients that are for one organization alone. Returns what the audit log says of it. */
export async function revokeClientsOf(
  manager: EntityManager,
  { environmentId, organizationId }: { environmentId: string; organizationId: string },
): Promise<AuditEntry[]> {
  const clients = await manager.find(ApiClient, {
    where: { environmentId, organizationId, revokedTime: IsNull() },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  const entries: AuditEntry[] = [];
  for (const client of clients) entries.push(await revoke(manager, client));
  return entries;
}

async function revoke(manager: EntityManager, client: ApiClient): Promise<AuditEntry> {
  const { environmentId, id } = client;
  await manager.delete(ApiClient, { environmentId, id });
  return { action: 'api_client.revoked', ...aboutApiClient(client) };
}
