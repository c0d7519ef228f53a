import { Body, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import type { EgressClient } from '@rollcall/egress';
import { parseId } from '@rollcall/platform';
import type { Sealer } from '@rollcall/platform';
import { DEFAULT_OVERLAP_SECONDS } from '@rollcall/webhooks';
import { DataSource, InjectDataSource } from '@rollcall/database';
import {
  createTestDelivery,
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  discardPendingDeliveries,
  findDelivery,
  findWebhookEndpoint,
  listDeliveries,
  listWebhookEndpoints,
  retryDelivery,
  rotateEndpointSecret,
  updateWebhookEndpoint,
} from '@rollcall/management';
import type { EndpointTools, Writer } from '@rollcall/management';
import { EGRESS, SEALER } from '../../http/context.module';
import { answerAndWake } from '../../http/wake-workers.interceptor';
import { RequestWriter } from '../../http/request-writer';
import { LongRead } from '../../http/take-turn.interceptor';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { IdPipe } from '../input/id.pipe';
import { ManagementController } from '../management-controller';
import { PageQuery } from '../paging/page-query';
import { Pager } from '../paging/pager';
import { checkWebhookTarget } from './check-webhook-target';
import { DeliveriesQuery, DeliveryAnswer, DeliveryList, DeliveryWithBodyAnswer } from './delivery.dto';
import { endpointIdParam } from './endpoint-path';
import { readEndpointPatch, readNewEndpoint } from './read-endpoint-body';
import { renderDelivery, renderWebhookEndpoint } from './render-webhook-endpoint';
import {
  CreateWebhookEndpointBody,
  DiscardedDeliveriesAnswer,
  RotateSecretBody,
  TestWebhookEndpointBody,
  UpdateWebhookEndpointBody,
  WebhookEndpointAnswer,
  WebhookEndpointList,
  WebhookEndpointSecretAnswer,
} from './webhook-endpoint.dto';

const DEFAULT_TEST_TYPE = 'organization.directory.user_created';

@ManagementController('Webhook endpoints', '/webhook_endpoints')
export class WebhookEndpointsController {
  private readonly tools: EndpointTools;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(SEALER) sealer: Sealer,
    @Inject(EGRESS) egress: EgressClient,
    private readonly pager: Pager,
  ) {
    this.tools = { sealer, checkTarget: (url) => checkWebhookTarget(egress, url) };
  }

  @Post()
  @Access('write', 'refused')
  @ApiOperation({ operationId: 'createWebhookEndpoint', summary: 'Create a webhook endpoint' })
  @ApiResponse({ status: 201, type: WebhookEndpointSecretAnswer })
  async create(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Body() body: CreateWebhookEndpointBody,
  ): Promise<WebhookEndpointSecretAnswer> {
    const endpoint = readNewEndpoint(body);
    const { view, secret } = await createWebhookEndpoint(writer, this.tools, environmentId, endpoint);
    return { webhook_endpoint: renderWebhookEndpoint(view), secret };
  }

  @Get()
  @Access('read', 'refused')
  @ApiOperation({ operationId: 'listWebhookEndpoints', summary: 'List the webhook endpoints, oldest first' })
  @ApiResponse({ status: 200, type: WebhookEndpointList })
  async list(@EnvironmentId() environmentId: string, @Query() query: PageQuery): Promise<WebhookEndpointList> {
    const scope = ['webhook_endpoints', environmentId];
    const { page, info } = await this.pager.list(query, scope, (request) =>
      listWebhookEndpoints(this.dataSource, environmentId, request),
    );
    return { webhook_endpoints: page.rows.map(renderWebhookEndpoint), ...info };
  }

  @Get(':endpoint_id')
  @Access('read', 'refused')
  @ApiOperation({ operationId: 'getWebhookEndpoint', summary: 'Get a webhook endpoint' })
  @ApiParam({ name: 'endpoint_id', type: String })
  @ApiResponse({ status: 200, type: WebhookEndpointAnswer })
  async get(
    @EnvironmentId() environmentId: string,
    @endpointIdParam() endpointId: string,
  ): Promise<WebhookEndpointAnswer> {
    const view = await findWebhookEndpoint(this.dataSource, { environmentId, endpointId });
    return { webhook_endpoint: renderWebhookEndpoint(view) };
  }

  @Patch(':endpoint_id')
  @Access('write', 'refused')
  @ApiOperation({ operationId: 'updateWebhookEndpoint', summary: 'Change a webhook endpoint' })
  @ApiParam({ name: 'endpoint_id', type: String })
  @ApiResponse({ status: 200, type: WebhookEndpointAnswer })
  async update(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @endpointIdParam() endpointId: string,
    @Body() body: UpdateWebhookEndpointBody,
  ) {
    const scope = { environmentId, endpointId };
    const updated = await updateWebhookEndpoint(writer, this.tools, scope, readEndpointPatch(body));
    return answerAndWake(updated, (view): WebhookEndpointAnswer => ({ webhook_endpoint: renderWebhookEndpoint(view) }));
  }

  @Delete(':endpoint_id')
  @Access('write', 'refused')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteWebhookEndpoint', summary: 'Delete a webhook endpoint' })
  @ApiParam({ name: 'endpoint_id', type: String })
  @ApiResponse({ status: 204 })
  async delete(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @endpointIdParam() endpointId: string,
  ): Promise<void> {
    await deleteWebhookEndpoint(writer, { environmentId, endpointId });
  }

  @Post(':endpoint_id/secret::rotate')
  @Access('write', 'refused')
  @HttpCode(200)
  @ApiBody({ type: RotateSecretBody, required: false })
  @ApiOperation({ operationId: 'rotateWebhookSecret', summary: 'Add a signing secret; at most three are live' })
  @ApiParam({ name: 'endpoint_id', type: String })
  @ApiResponse({ status: 200, type: WebhookEndpointSecretAnswer })
  async rotate(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @endpointIdParam() endpointId: string,
    @Body() { overlap_seconds: overlap = DEFAULT_OVERLAP_SECONDS }: RotateSecretBody,
  ): Promise<WebhookEndpointSecretAnswer> {
    const scope = { environmentId, endpointId };
    const { view, secret } = await rotateEndpointSecret(writer, this.tools.sealer, scope, overlap);
    return { webhook_endpoint: renderWebhookEndpoint(view), secret };
  }

  @Post(':endpoint_id(^[^/:]+)::test')
  @Access('write', 'refused')
  @HttpCode(202)
  @ApiBody({ type: TestWebhookEndpointBody, required: false })
  @ApiOperation({
    operationId: 'testWebhookEndpoint',
    summary: 'Send an example event',
    description:
      'Whatever the filters, signed like any other, with the header `rollcall-test: true` and `sequence: null`. It is in no log, goes out at once, also while the circuit is open, and is attempted once; `GET …/deliveries` shows the answer, `:retry` sends it once more. How it ends does not touch the health of the endpoint. 422 while the endpoint is disabled.',
  })
  @ApiParam({ name: 'endpoint_id', type: String })
  @ApiResponse({ status: 202, type: DeliveryAnswer })
  async test(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @endpointIdParam() endpointId: string,
    @Body() { type = DEFAULT_TEST_TYPE }: TestWebhookEndpointBody,
  ) {
    const tested = await createTestDelivery(writer, { environmentId, endpointId }, type);
    return answerAndWake(tested, (delivery): DeliveryAnswer => ({ delivery: renderDelivery(delivery) }));
  }

  @Post(':endpoint_id(^[^/:]+)::discard_pending')
  @Access('write', 'refused')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'discardPendingDeliveries',
    summary: 'Cancel what waits for the endpoint',
    description:
      'For an endpoint that was disabled and shall start afresh: what waited when this was called becomes `canceled` and is not sent, unless `:retry` or a replay asks for it. What is on the way at that moment may still arrive. At most 100,000 in one call.',
  })
  @ApiParam({ name: 'endpoint_id', type: String })
  @ApiResponse({ status: 200, type: DiscardedDeliveriesAnswer })
  async discardPending(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @endpointIdParam() endpointId: string,
  ): Promise<DiscardedDeliveriesAnswer> {
    const { canceled, hasMore } = await discardPendingDeliveries(writer, { environmentId, endpointId });
    return { canceled, has_more: hasMore };
  }

  @Get(':endpoint_id/deliveries')
  @Access('read', 'refused')
  @LongRead()
  @ApiOperation({ operationId: 'listDeliveries', summary: 'List the deliveries with their attempts, newest first' })
  @ApiParam({ name: 'endpoint_id', type: String })
  @ApiResponse({ status: 200, type: DeliveryList })
  async listDeliveries(
    @EnvironmentId() environmentId: string,
    @endpointIdParam() endpointId: string,
    @Query() query: DeliveriesQuery,
  ): Promise<DeliveryList> {
    const { state, event_type: eventType, event_id: eventId, replay_id: replayId, organization_id: of } = query;
    const scope = ['deliveries', environmentId, endpointId, state, eventId, replayId, eventType, of];
    const filter = {
      state,
      eventType,
      organizationId: (of && parseId('org', of)) || undefined,
      eventId: (eventId && parseId('evt', eventId)) || undefined,
      replayId: (replayId && parseId('rpl', replayId)) || undefined,
    };
    const { page, info } = await this.pager.list(query, scope, (request) =>
      listDeliveries(this.dataSource, { environmentId, endpointId }, filter, request),
    );
    return { deliveries: page.rows.map(renderDelivery), ...info };
  }

  @Get(':endpoint_id/deliveries/:delivery_id')
  @Access('read', 'refused')
  @ApiOperation({ operationId: 'getDelivery', summary: 'Get a delivery with what it sends' })
  @ApiParam({ name: 'endpoint_id', type: String })
  @ApiParam({ name: 'delivery_id', type: String })
  @ApiResponse({ status: 200, type: DeliveryWithBodyAnswer })
  async getDelivery(
    @EnvironmentId() environmentId: string,
    @endpointIdParam() endpointId: string,
    @Param('delivery_id', new IdPipe('dlv', 'delivery')) deliveryId: string,
  ): Promise<DeliveryWithBodyAnswer> {
    const scope = { environmentId, endpointId };
    const { delivery, requestBody } = await findDelivery(this.dataSource, scope, deliveryId);
    return { delivery: renderDelivery(delivery), request_body: requestBody };
  }

  @Post(':endpoint_id/deliveries/:delivery_id(^[^/:]+)::retry')
  @Access('write', 'refused')
  @HttpCode(200)
  @ApiOperation({ operationId: 'retryDelivery', summary: 'Deliver once more, now' })
  @ApiParam({ name: 'endpoint_id', type: String })
  @ApiParam({ name: 'delivery_id', type: String })
  @ApiResponse({ status: 200, type: DeliveryAnswer })
  async retry(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @endpointIdParam() endpointId: string,
    @Param('delivery_id', new IdPipe('dlv', 'delivery')) deliveryId: string,
  ) {
    const retried = await retryDelivery(writer, { environmentId, endpointId }, deliveryId);
    return answerAndWake(retried, (delivery): DeliveryAnswer => ({ delivery: renderDelivery(delivery) }));
  }
}
