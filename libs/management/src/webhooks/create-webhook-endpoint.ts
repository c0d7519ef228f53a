import type { EntityManager } from 'typeorm';
import type { Deactivation, Dialect, Ordering } from '@rollcall/contract';
import { refuseBeyondLimit } from '@rollcall/directory';
import type { Sealer } from '@rollcall/platform';
import { WebhookEndpoint, WebhookEndpointHealth, WebhookSecret, notFound, runStatement } from '@rollcall/database';
import { endpointTarget } from '../audit/audit-target';
import { findChanges } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { lockEnvironment } from '../environments/lock-environment';
import { endpointFields } from './endpoint-fields';
import { viewEndpoint } from './find-webhook-endpoint';
import type { WebhookEndpointView } from './find-webhook-endpoint';
import { makeWebhookSecret } from './make-webhook-secret';

export interface NewWebhookEndpoint {
  id: string;
  url: string;
  description: string;
  eventTypes: string[];
  /** Bare ids. */
  organizationIds: string[];
  ordering: Ordering;
  /** Attempts per second; null = none. */
  rateLimit: number | null;
  /** Null = events as they are stored. */
  dialect: Dialect | null;
  /** Null = as the dialect's origin does it. */
  deactivation: Deactivation | null;
  enabled: boolean;
}

/** What writes of endpoints are checked and sealed with. */
export interface EndpointTools {
  sealer: Pick<Sealer, 'seal'>;
  /** Refuses a URL that no delivery could be sent to. */
  checkTarget: (url: string) => Promise<void>;
}

/** Stores an endpoint with its first secret, which is returned. Throws what `checkTarget` throws, and AppError `organization_not_found`, `too_many_webhook_endpoints`. */
export async function createWebhookEndpoint(
  writer: Writer,
  { sealer, checkTarget }: EndpointTools,
  environmentId: string,
  endpoint: NewWebhookEndpoint,
): Promise<{ view: WebhookEndpointView; secret: string }> {
  await checkTarget(endpoint.url);
  const { secret, stored } = makeWebhookSecret(sealer, endpoint.id);
  const view = await recordChange(writer, { environmentId }, async (manager) => {
    await requireOrganizations(manager, environmentId, endpoint.organizationIds);
    await lockEnvironment(manager, environmentId);
    refuseBeyondLimit('webhookEndpoints', await manager.countBy(WebhookEndpoint, { environmentId }));
    await manager.insert(WebhookEndpoint, { environmentId, ...endpoint });
    await manager.insert(WebhookEndpointHealth, { environmentId, endpointId: endpoint.id });
    await manager.insert(WebhookSecret, { environmentId, endpointId: endpoint.id, ...stored });
    const created = await manager.findOneByOrFail(WebhookEndpoint, { environmentId, id: endpoint.id });
    const changes = findChanges({}, endpointFields(created));
    return {
      answer: await viewEndpoint(manager, created),
      entries: [{ action: 'webhook_endpoint.created', target: endpointTarget(created), organizationId: null, changes }],
    };
  });
  return { view, secret };
}

/**
 * Throws AppError `organization_not_found` unless every one is an organization of the environment, or has been one that lives in another
 * database.
 */
export async function requireOrganizations(
  manager: EntityManager,
  environmentId: string,
  ids: readonly string[],
): Promise<void> {
  const { rows } = await runStatement(
    manager,
    `SELECT 1 FROM unnest($2::text[]) AS wanted (id) WHERE NOT EXISTS (
       SELECT 1 FROM organizations o WHERE o.environment_id = $1 AND o.id = wanted.id AND o.deleted_time IS NULL)
       AND NOT EXISTS (SELECT 1 FROM placements p WHERE p.environment_id = $1 AND p.organization_id = wanted.id)`,
    [environmentId, ids],
  );
  if (rows.length > 0) throw notFound('organization');
}
