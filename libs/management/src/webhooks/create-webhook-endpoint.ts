import type { DataSource, EntityManager } from 'typeorm';
import { refuseBeyondLimit } from '@rollcall/directory';
import {
  WebhookEndpoint,
  WebhookEndpointHealth,
  WebhookSecret,
  tenantTransaction,
  notFound,
  runStatement,
} from '@rollcall/database';
import { viewEndpoint } from './find-webhook-endpoint';
import type { WebhookEndpointView } from './find-webhook-endpoint';

export interface NewWebhookEndpoint {
  id: string;
  url: string;
  description: string;
  eventTypes: string[];
  /** Bare ids. */
  organizationIds: string[];
  ordering: string;
  /** Attempts per second; null = none. */
  rateLimit: number | null;
  enabled: boolean;
}

/** A signing secret sealed under the secret key. */
export interface NewWebhookSecret {
  id: string;
  sealedSecret: string;
}

/** Stores an endpoint with its first secret. Throws AppError `organization_not_found`, `too_many_webhook_endpoints`. */
export async function createWebhookEndpoint(
  dataSource: DataSource,
  environmentId: string,
  endpoint: NewWebhookEndpoint,
  secret: NewWebhookSecret,
): Promise<WebhookEndpointView> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    await requireOrganizations(manager, environmentId, endpoint.organizationIds);
    refuseBeyondLimit('webhookEndpoints', await manager.countBy(WebhookEndpoint, { environmentId }));
    await manager.insert(WebhookEndpoint, { environmentId, ...endpoint });
    await manager.insert(WebhookEndpointHealth, { environmentId, endpointId: endpoint.id });
    await manager.insert(WebhookSecret, { environmentId, endpointId: endpoint.id, ...secret });
    return viewEndpoint(manager, await manager.findOneByOrFail(WebhookEndpoint, { environmentId, id: endpoint.id }));
  });
}

/** Throws AppError `organization_not_found` unless every one is an organization of the environment. */
export async function requireOrganizations(
  manager: EntityManager,
  environmentId: string,
  ids: readonly string[],
): Promise<void> {
  const { rows } = await runStatement(
    manager,
    `SELECT 1 FROM unnest($2::text[]) AS wanted (id) WHERE NOT EXISTS (
       SELECT 1 FROM organizations o WHERE o.environment_id = $1 AND o.id = wanted.id AND o.deleted_time IS NULL)`,
    [environmentId, ids],
  );
  if (rows.length > 0) throw notFound('organization');
}
