import { Body, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import type { PipeTransform } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { parseId } from '@rollcall/platform';
import type { SecretHasher } from '@rollcall/platform';
import { DataSource, InjectDataSource, notFound } from '@rollcall/database';
import {
  createApiClient,
  listApiClients,
  revokeApiClient,
  rotateApiClient,
  updateApiClient,
} from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import { CLIENT_HASHER } from '../../http/context.module';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { ManagementController } from '../management-controller';
import { PageQuery } from '../paging/page-query';
import { Pager } from '../paging/pager';
import {
  ApiClientAnswer,
  ApiClientList,
  ApiClientSecretAnswer,
  CreateApiClientBody,
  RotateApiClientBody,
  UpdateApiClientBody,
} from './api-client.dto';
import { renderApiClient, renderClientWithSecret } from './render-api-client';

/** A text that can be no client_id names nothing: 404. */
class ClientIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (/^[\w.~-]{1,128}$/.test(value)) return value;
    throw notFound('api_client');
  }
}

const clientIdParam = () => Param('client_id', new ClientIdPipe());

/** What changes a client takes an owner: a client's scope `write` reaches what no admin does. */
@ManagementController('API clients', '/api_clients')
export class ApiClientsController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CLIENT_HASHER) private readonly hasher: SecretHasher,
    private readonly pager: Pager,
  ) {}

  @Post()
  @Access('write', 'refused', 'owner')
  @ApiOperation({ operationId: 'createApiClient', summary: 'Create an API client' })
  @ApiResponse({ status: 201, type: ApiClientSecretAnswer })
  async create(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Body() { name, scopes, organization_id: organization }: CreateApiClientBody,
  ): Promise<ApiClientSecretAnswer> {
    const organizationId = organization ? parseId('org', organization) : null;
    const created = await createApiClient(writer, this.hasher, environmentId, { name, scopes, organizationId });
    return renderClientWithSecret(created);
  }

  @Get()
  @Access('read', 'refused')
  @ApiOperation({ operationId: 'listApiClients', summary: 'List the API clients, oldest first' })
  @ApiResponse({ status: 200, type: ApiClientList })
  async list(@EnvironmentId() environmentId: string, @Query() query: PageQuery): Promise<ApiClientList> {
    const { page, info } = await this.pager.list(query, ['api_clients', environmentId], (request) =>
      listApiClients(this.dataSource, environmentId, request),
    );
    return { api_clients: page.rows.map(renderApiClient), ...info };
  }

  @Patch(':client_id')
  @Access('write', 'refused', 'owner')
  @ApiOperation({ operationId: 'updateApiClient', summary: 'Change the name or the scopes of an API client' })
  @ApiParam({ name: 'client_id', type: String })
  @ApiResponse({ status: 200, type: ApiClientAnswer })
  async update(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @clientIdParam() clientId: string,
    @Body() body: UpdateApiClientBody,
  ): Promise<ApiClientAnswer> {
    return { api_client: renderApiClient(await updateApiClient(writer, { environmentId, clientId }, body)) };
  }

  @Delete(':client_id')
  @Access('write', 'refused', 'owner')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'revokeApiClient',
    summary: 'Revoke an API client; its secrets, keys and access tokens end at once',
  })
  @ApiParam({ name: 'client_id', type: String })
  @ApiResponse({ status: 204 })
  async revoke(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @clientIdParam() clientId: string,
  ): Promise<void> {
    await revokeApiClient(writer, { environmentId, clientId });
  }

  @Post(':client_id/secret::rotate')
  @Access('write', 'refused', 'owner')
  @HttpCode(200)
  @ApiBody({ type: RotateApiClientBody, required: false })
  @ApiOperation({
    operationId: 'rotateApiClient',
    summary: 'Give an API client a new secret and key; the others end at once, or after a while',
  })
  @ApiParam({ name: 'client_id', type: String })
  @ApiResponse({ status: 200, type: ApiClientSecretAnswer })
  async rotate(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @clientIdParam() clientId: string,
    @Body() { overlap_seconds: overlap = 0 }: RotateApiClientBody,
  ): Promise<ApiClientSecretAnswer> {
    return renderClientWithSecret(await rotateApiClient(writer, this.hasher, { environmentId, clientId }, overlap));
  }
}
