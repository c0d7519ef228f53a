import type { EntityManager } from 'typeorm';
import { WebhookEndpoint, WebhookEndpointHealth, runStatement, tenantTransaction } from '@rollcall/database';
import type { AuditEntry } from '@rollcall/database';
import { endpointTarget, withoutSecrets } from '../audit/audit-target';
import { findChanges, isChanged } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { requireOrganizations } from './create-webhook-endpoint';
import type { EndpointTools, NewWebhookEndpoint } from './create-webhook-endpoint';
import { endpointFields } from './endpoint-fields';
import { requireEndpoint, viewEndpoint } from './find-webhook-endpoint';
import type { EndpointScope, WebhookEndpointView } from './find-webhook-endpoint';
import { makeDeliveriesDue } from './make-deliveries-due';
import { lockEndpointHealth } from './lock-endpoint-health';
import type { Waking } from '../wake/to-wake';

/** What changes; an absent key stays. */
export type WebhookEndpointPatch = Partial<Omit<NewWebhookEndpoint, 'id'>>;

/**
 * Merges a patch into an endpoint. Enabling one that was disabled forgets why, and its failures, and makes what waits due, so
 * that it goes out at once and in its order. Throws what `checkTarget` throws for a new URL, and AppError `webhook_endpoint_not_found`, `organization_not_found`.
 */
export async function updateWebhookEndpoint(
  writer: Writer,
  { checkTarget }: Pick<EndpointTools, 'checkTarget'>,
  scope: EndpointScope,
  patch: WebhookEndpointPatch,
): Promise<Waking<WebhookEndpointView>> {
  const { environmentId, endpointId } = scope;
  const { url } = patch;
  const isKept = url !== undefined && (await isStored(writer, scope, url));
  if (url !== undefined && !isKept) await checkTarget(url);
  let isEnabledAgain = false;
  const view = await recordChange(writer, { environmentId }, async (manager) => {
    // First, as the worker does it: it holds the health row while it may disable the endpoint.
    await lockEndpointHealth(manager, scope);
    const endpoint = await requireEndpoint(manager, scope, true);
    const before = structuredClone(endpoint);
    // Somebody else has changed it meanwhile.
    if (isKept && endpoint.url !== url) await checkTarget(url);
    await requireOrganizations(manager, environmentId, patch.organizationIds ?? []);
    isEnabledAgain = patch.enabled === true && !endpoint.enabled;
    if (isEnabledAgain) {
      endpoint.disabledReason = null;
      endpoint.enabledTime = new Date();
      await manager.update(WebhookEndpointHealth, { environmentId, endpointId }, { health: {}, coolingUntil: null });
    }
    if (patch.ordering !== undefined && patch.ordering !== endpoint.ordering) await dropDeferrals(manager, scope);
    endpoint.url = patch.url ?? endpoint.url;
    endpoint.description = patch.description ?? endpoint.description;
    endpoint.eventTypes = patch.eventTypes ?? endpoint.eventTypes;
    endpoint.organizationIds = patch.organizationIds ?? endpoint.organizationIds;
    endpoint.ordering = patch.ordering ?? endpoint.ordering;
    if (patch.rateLimit !== undefined) endpoint.rateLimit = patch.rateLimit;
    if (patch.dialect !== undefined) endpoint.dialect = patch.dialect;
    if (patch.deactivation !== undefined) endpoint.deactivation = patch.deactivation;
    endpoint.enabled = patch.enabled ?? endpoint.enabled;
    endpoint.updateTime = new Date();
    await manager.save(endpoint);
    return { answer: await viewEndpoint(manager, endpoint), entries: describe(before, endpoint) };
  });
  if (isEnabledAgain) await makeDeliveriesDue(writer.dataSource, scope);
  return { result: view, wake: view.endpoint.enabled ? { endpoints: [scope] } : {} };
}

/** The stored URL sent back says nothing new: the rest can be changed also when it would be refused by now. */
async function isStored({ dataSource }: Writer, scope: EndpointScope, url: string): Promise<boolean> {
  const { environmentId } = scope;
  const endpoint = await tenantTransaction(dataSource, { environmentId }, (manager) => requireEndpoint(manager, scope));
  return endpoint.url === url;
}

/** A new URL is told also where it differs only in what the log does not show. */
function describe(before: WebhookEndpoint, after: WebhookEndpoint): AuditEntry[] {
  const changes = {
    ...findChanges(endpointFields(before), endpointFields(after)),
    ...(before.url !== after.url && { url: { from: withoutSecrets(before.url), to: withoutSecrets(after.url) } }),
  };
  if (!isChanged(changes)) return [];
  return [{ action: 'webhook_endpoint.updated', target: endpointTarget(after), organizationId: null, changes }];
}

/** Makes due what stands at a later time only because of the ordering that is given up. */
async function dropDeferrals(manager: EntityManager, { environmentId, endpointId }: EndpointScope): Promise<void> {
  const { affected } = await runStatement(
    manager,
    `UPDATE webhook_endpoint_health SET deferring = false WHERE environment_id = $1 AND endpoint_id = $2 AND deferring`,
    [environmentId, endpointId],
  );
  if (affected === 0) return;
  await runStatement(
    manager,
    `UPDATE deliveries SET next_attempt_time = now() WHERE environment_id = $1 AND endpoint_id = $2 AND state = 'pending'
       AND attempt = 0 AND next_attempt_time > now()`,
    [environmentId, endpointId],
  );
}

/** Deletes an endpoint with its secrets; what was still to be delivered to it never is. Throws AppError `webhook_endpoint_not_found`. */
export async function deleteWebhookEndpoint(writer: Writer, scope: EndpointScope): Promise<void> {
  const { environmentId, endpointId } = scope;
  await recordChange(writer, { environmentId }, async (manager) => {
    await lockEndpointHealth(manager, scope);
    const endpoint = await requireEndpoint(manager, scope, true);
    await manager.delete(WebhookEndpoint, { environmentId, id: endpointId });
    return {
      answer: undefined,
      entries: [{ action: 'webhook_endpoint.deleted', target: endpointTarget(endpoint), organizationId: null }],
    };
  });
}
