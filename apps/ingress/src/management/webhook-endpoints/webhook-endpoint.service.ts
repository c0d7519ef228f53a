import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { isEventType, isOperationalEventType } from '@rollcall/contract';
import { createEgressClient, listOwnAddresses } from '@rollcall/egress';
import type { EgressClient } from '@rollcall/egress';
import { sampleEvent } from '@rollcall/events';
import { createSealer, newId, parseId } from '@rollcall/platform';
import type { Sealer } from '@rollcall/platform';
import type { WakeUps } from '@rollcall/queue';
import { DEFAULT_OVERLAP_SECONDS, generateWebhookSecret } from '@rollcall/webhooks';
import {
  createTestDelivery,
  createWebhookEndpoint,
  rotateEndpointSecret,
  updateWebhookEndpoint,
} from '@rollcall/management';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { CONFIG, HINT_QUEUE } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { checkWebhookTarget } from './check-webhook-target';
import type { DeliveryItem } from './delivery.dto';
import { renderDelivery, renderWebhookEndpoint } from './render-webhook-endpoint';
import type {
  CreateWebhookEndpointBody,
  RotateSecretBody,
  TestWebhookEndpointBody,
  UpdateWebhookEndpointBody,
  WebhookEndpointItem,
  WebhookEndpointSecretAnswer,
} from './webhook-endpoint.dto';

const DEFAULT_TEST_TYPE = 'organization.directory.user_created';

/** Writes to webhook endpoints: the target is guarded before it is stored, secrets are sealed. */
@Injectable()
export class WebhookEndpointService implements OnApplicationShutdown {
  private readonly egress: EgressClient;
  private readonly sealer: Sealer;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) config: IngressConfig,
    @Inject(HINT_QUEUE) private readonly wakeUps: WakeUps,
  ) {
    this.sealer = createSealer(config.secretKey);
    this.egress = createEgressClient({
      allowPrivateTargets: config.allowPrivateWebhookTargets,
      ownAddresses: listOwnAddresses(),
      ownHostnames: [new URL(config.publicUrl).hostname],
    });
  }

  async create(environmentId: string, body: CreateWebhookEndpointBody): Promise<WebhookEndpointSecretAnswer> {
    await checkWebhookTarget(this.egress, body.url);
    const id = newId();
    const { secret, stored } = this.makeSecret(id);
    const view = await createWebhookEndpoint(
      this.dataSource,
      environmentId,
      {
        id,
        url: body.url,
        description: body.description ?? '',
        eventTypes: [...new Set(body.event_types)],
        organizationIds: bareIds(body.organization_ids ?? []),
        ordering: body.ordering ?? 'resource',
        rateLimit: body.rate_limit ?? null,
        enabled: body.enabled ?? true,
      },
      stored,
    );
    return { webhook_endpoint: renderWebhookEndpoint(view), secret };
  }

  /** null in the patch sets a field back to its default. */
  async update(
    environmentId: string,
    endpointId: string,
    body: UpdateWebhookEndpointBody,
  ): Promise<WebhookEndpointItem> {
    if (body.url !== undefined) await checkWebhookTarget(this.egress, body.url);
    const view = await updateWebhookEndpoint(
      this.dataSource,
      { environmentId, endpointId },
      {
        url: body.url,
        description: orDefault(body.description, ''),
        eventTypes: body.event_types === undefined ? undefined : [...new Set(body.event_types)],
        organizationIds: body.organization_ids === undefined ? undefined : bareIds(body.organization_ids ?? []),
        ordering: orDefault(body.ordering, 'resource'),
        rateLimit: body.rate_limit,
        enabled: orDefault(body.enabled, true),
      },
    );
    if (view.endpoint.enabled) this.wakeDelivery(environmentId, endpointId);
    return renderWebhookEndpoint(view);
  }

  async rotate(
    environmentId: string,
    endpointId: string,
    { overlap_seconds: overlap = DEFAULT_OVERLAP_SECONDS }: RotateSecretBody,
  ): Promise<WebhookEndpointSecretAnswer> {
    const { secret, stored } = this.makeSecret(endpointId);
    const view = await rotateEndpointSecret(this.dataSource, { environmentId, endpointId }, stored, overlap);
    return { webhook_endpoint: renderWebhookEndpoint(view), secret };
  }

  /** Sends an example event to the endpoint, past its filters. */
  async test(environmentId: string, endpointId: string, body: TestWebhookEndpointBody): Promise<DeliveryItem> {
    const type = body.type ?? DEFAULT_TEST_TYPE;
    if (!isEventType(type) && !isOperationalEventType(type))
      throw new TypeError('the pipe lets known types through only');
    const id = newId();
    const event = { id, type, body: sampleEvent(type, { id, environmentId, occurredAt: new Date() }) };
    const delivery = await createTestDelivery(this.dataSource, { environmentId, endpointId }, event);
    this.wakeDelivery(environmentId, endpointId);
    return renderDelivery(delivery);
  }

  wakeDelivery(environmentId: string, endpointId: string): void {
    this.wakeUps.deliverEndpoint({ environmentId, endpointId });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.egress.close();
  }

  private makeSecret(endpointId: string): { secret: string; stored: { id: string; sealedSecret: string } } {
    const secret = generateWebhookSecret(randomBytes(32));
    return { secret, stored: { id: newId(), sealedSecret: this.sealer.seal(secret, `whe:${endpointId}`) } };
  }
}

function orDefault<T>(value: T | null | undefined, defaultValue: T): T | undefined {
  return value === null ? defaultValue : value;
}

function bareIds(ids: readonly string[]): string[] {
  return [...new Set(ids.flatMap((id) => parseId('org', id) ?? []))];
}
