import { In } from 'typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { liveSecrets, readHealth } from '@rollcall/webhooks';
import type { EndpointHealth } from '@rollcall/webhooks';
import { countPendingDeliveries } from '@rollcall/pipeline-store';
import {
  WebhookEndpoint,
  WebhookEndpointHealth,
  WebhookSecret,
  tenantTransaction,
  readNow,
  notFound,
} from '@rollcall/database';
import { countRows, readPage } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';

/** One endpoint of an environment; bare ids. */
export interface EndpointScope {
  environmentId: string;
  endpointId: string;
}

/** An endpoint, the secrets that sign its deliveries now, newest first, and how it fares. */
export interface WebhookEndpointView {
  endpoint: WebhookEndpoint;
  secrets: WebhookSecret[];
  health: EndpointHealth;
  /** Counted up to `PENDING_COUNT_MAX`. */
  pendingDeliveries: number;
}

/** Throws AppError `webhook_endpoint_not_found`. */
export async function findWebhookEndpoint(dataSource: DataSource, scope: EndpointScope): Promise<WebhookEndpointView> {
  return tenantTransaction(dataSource, { environmentId: scope.environmentId }, async (manager) =>
    viewEndpoint(manager, await requireEndpoint(manager, scope)),
  );
}

/** The endpoints of an environment, oldest first. */
export async function listWebhookEndpoints(
  dataSource: DataSource,
  environmentId: string,
  page: PageRequest,
): Promise<Page<WebhookEndpointView> & { total: number }> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const list = {
      columns: 'e.id',
      from: 'webhook_endpoints e',
      where: 'e.environment_id = $1',
      params: [environmentId],
      keys: [{ sql: 'e.id', type: 'text' }] as const,
    };
    const { rows, next, prev } = await readPage<{ id: string }>(manager, list, page);
    const endpoints = await manager.find(WebhookEndpoint, {
      where: { environmentId, id: In(rows.map(({ id }) => id)) },
      order: { id: 'ASC' },
    });
    return {
      rows: await viewEndpoints(manager, environmentId, endpoints),
      next,
      prev,
      total: await countRows(manager, list),
    };
  });
}

/** The row alone, within a transaction. Throws AppError `webhook_endpoint_not_found`. */
export async function requireEndpoint(
  manager: EntityManager,
  { environmentId, endpointId }: EndpointScope,
  lock = false,
): Promise<WebhookEndpoint> {
  const endpoint = await manager.findOne(WebhookEndpoint, {
    where: { environmentId, id: endpointId },
    ...(lock && { lock: { mode: 'pessimistic_write' as const } }),
  });
  if (!endpoint) throw notFound('webhook_endpoint');
  return endpoint;
}

/** Completes one endpoint. */
export async function viewEndpoint(manager: EntityManager, endpoint: WebhookEndpoint): Promise<WebhookEndpointView> {
  const [view] = await viewEndpoints(manager, endpoint.environmentId, [endpoint]);
  if (!view) throw notFound('webhook_endpoint');
  return view;
}

async function viewEndpoints(
  manager: EntityManager,
  environmentId: string,
  endpoints: readonly WebhookEndpoint[],
): Promise<WebhookEndpointView[]> {
  const those = { environmentId, endpointId: In(endpoints.map(({ id }) => id)) };
  const secrets = await manager.findBy(WebhookSecret, those);
  const healths = await manager.findBy(WebhookEndpointHealth, those);
  const now = await readNow(manager);
  const views: WebhookEndpointView[] = [];
  for (const endpoint of endpoints) {
    const isOf = ({ endpointId }: { endpointId: string }) => endpointId === endpoint.id;
    views.push({
      endpoint,
      secrets: liveSecrets(secrets.filter(isOf), now),
      health: readHealth(healths.find(isOf)?.health ?? {}),
      pendingDeliveries: await countPendingDeliveries(manager, { environmentId, endpointId: endpoint.id }),
    });
  }
  return views;
}
