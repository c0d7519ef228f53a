import { IsNull } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { ApiClient, notFound } from '@rollcall/database';
import type { AuditEntry } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import type { Fields } from '../audit/find-changes';

/** An API client of an environment, by its `client_id`. */
export interface ApiClientScope {
  environmentId: string;
  clientId: string;
}

/** The row, locked against changes until the end of the transaction. Throws AppError `api_client_not_found`. */
export async function lockApiClient(
  manager: EntityManager,
  { environmentId, clientId }: ApiClientScope,
): Promise<ApiClient> {
  const client = await manager.findOne(ApiClient, {
    where: { environmentId, clientId, revokedTime: IsNull() },
    lock: { mode: 'pessimistic_write' },
  });
  if (!client) throw notFound('api_client');
  return client;
}

/** What the audit log tells of an API client. */
export function apiClientFields({ name, scopes, organizationId }: ApiClient): Fields {
  return { name, scopes, organization_id: organizationId && publicId('org', organizationId) };
}

/** What an entry of the audit log is about. */
export function aboutApiClient({
  clientId,
  name,
  organizationId,
}: ApiClient): Pick<AuditEntry, 'target' | 'organizationId'> {
  return { target: { type: 'api_client', id: clientId, name }, organizationId };
}
