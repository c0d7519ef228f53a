import { apiPath } from './api-url';
import type { ApiRequest, Connection, CreateOptions } from './connection';
import type {
  WebhookDelivery,
  WebhookDeliveryQuery,
  WebhookEndpoint,
  WebhookEndpointInput,
  WebhookEndpointWithSecret,
} from '../webhook-endpoint-types';
import { pagedList } from './paged-list';
import type { PagedList, PageSize } from './paged-list';
import { webhookReplayCalls } from './webhook-replays';

/** Where your events are sent. */
export function webhookEndpointCalls(connection: Connection) {
  const send = async (request: ApiRequest) =>
    (await connection.json<{ webhook_endpoint: WebhookEndpoint }>(request)).webhook_endpoint;
  return {
    ...webhookReplayCalls(connection),
    /** The answer carries the `whsec_…` secret: keep it, it is not shown again. */
    create: (endpoint: WebhookEndpointInput, options: CreateOptions = {}): Promise<WebhookEndpointWithSecret> =>
      connection.json({ method: 'POST', path: '/webhook_endpoints', body: endpoint, ...options }),
    list: (query: PageSize = {}): PagedList<WebhookEndpoint> =>
      pagedList(connection, { path: '/webhook_endpoints', itemsKey: 'webhook_endpoints', query: { ...query } }),
    get: (endpointId: string): Promise<WebhookEndpoint> => send({ path: apiPath`/webhook_endpoints/${endpointId}` }),
    /** Merges: an absent key stays. */
    update: (endpointId: string, patch: Partial<WebhookEndpointInput>): Promise<WebhookEndpoint> =>
      send({ method: 'PATCH', path: apiPath`/webhook_endpoints/${endpointId}`, body: patch }),
    delete: (endpointId: string): Promise<void> =>
      connection.json({ method: 'DELETE', path: apiPath`/webhook_endpoints/${endpointId}` }),
    /** A new secret; the others sign along for `overlap_seconds` (default a day, at most 7). */
    rotateSecret: (
      endpointId: string,
      options: { overlap_seconds?: number } = {},
    ): Promise<WebhookEndpointWithSecret> =>
      connection.json({
        method: 'POST',
        path: apiPath`/webhook_endpoints/${endpointId}/secret:rotate`,
        body: options,
      }),
    /** Sends an example event, whatever the filters; it says `test: true` and is attempted once. */
    async test(endpointId: string, options: { type?: string } = {}): Promise<WebhookDelivery> {
      const path = apiPath`/webhook_endpoints/${endpointId}:test`;
      return (await connection.json<{ delivery: WebhookDelivery }>({ method: 'POST', path, body: options })).delivery;
    },
    /** Cancels what waits for the endpoint, 100,000 deliveries at most: call again while `has_more`. */
    discardPending: (endpointId: string): Promise<{ canceled: number; has_more: boolean }> =>
      connection.json({ method: 'POST', path: apiPath`/webhook_endpoints/${endpointId}:discard_pending` }),
    listDeliveries: (endpointId: string, query: WebhookDeliveryQuery = {}): PagedList<WebhookDelivery> =>
      pagedList(connection, {
        path: apiPath`/webhook_endpoints/${endpointId}/deliveries`,
        itemsKey: 'deliveries',
        query: { ...query },
      }),
    /** Sends it once more now, in place of the next attempt. */
    async retryDelivery(endpointId: string, deliveryId: string): Promise<WebhookDelivery> {
      const path = apiPath`/webhook_endpoints/${endpointId}/deliveries/${deliveryId}:retry`;
      return (await connection.json<{ delivery: WebhookDelivery }>({ method: 'POST', path })).delivery;
    },
  };
}

/** What `webhookEndpointCalls` answers. */
export type WebhookEndpointCalls = ReturnType<typeof webhookEndpointCalls>;
